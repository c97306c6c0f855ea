import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let searching: [Check] = [
        Check("messages are found by Eskiz's number, by error, by dead webhook, and if they are not settled") { bench in
            let all = try await bench.everyKind()
            var tried = 0
            for search in Self.searches(of: all) {
                var wide = search
                wide.limit = MessageSearch.maximumLimit
                let found = try await bench.store.messages(wide).map(\.id)
                let wanted = try await bench.matches(wide, among: all)
                try expect(found, is: wanted, "\(wide)")
                tried += found.count
            }
            try expect(tried > 50, "nothing was ever found")
        },
        Check("pages hold together what a search holds, whatever their reach and size") { bench in
            let all = try await bench.everyKind()
            for search in Self.searches(of: all) {
                let wanted = try await bench.matches(search, among: all)
                for (limit, reach) in [(2, 3), (7, 1_000), (1, 1), (3, 20)] {
                    var query = search
                    query.limit = limit
                    var found: [MessageID] = []
                    var pages = 0
                    repeat {
                        let page = try await bench.store.page(query, reach: reach)
                        try expect(page.messages.count <= limit, "a page of \(page.messages.count)")
                        if let next = page.next {
                            try expect(query.before.map { next < $0 } ?? true, "pages do not go on: \(query)")
                            try expect(page.messages.last.map { $0.id >= next } ?? true, "a page goes beyond its end")
                        }
                        found += page.messages.map(\.id)
                        query.before = page.next
                        pages += 1
                    } while query.before != nil && pages < 1_000
                    try expect(found, is: wanted, "reach \(reach): \(query)")
                }
            }
        },
        Check("a page with nothing behind it says so") { bench in
            let messages = try await bench.acceptAll((0..<10).map { _ in bench.new() })
            let whole = try await bench.store.page(MessageSearch(limit: 10), reach: 100)
            try expect(whole, is: SearchPage(messages: messages.reversed(), next: nil), "all ten")
            let some = try await bench.store.page(MessageSearch(limit: 9), reach: 100)
            try expect(some, is: SearchPage(messages: messages.reversed().dropLast(), next: messages[1].id), "nine")
            let nothing = try await bench.store.page(MessageSearch(states: [.delivered]), reach: 1_000)
            try expect(nothing, is: SearchPage(), "nothing")
        },
    ]

    /// Searches of all sorts, none of which has an end.
    private static func searches(of all: [Message]) -> [MessageSearch] {
        let leads: [MessageSearch] = [
            MessageSearch(), MessageSearch(providerID: "u-6"), MessageSearch(errorCode: StoreBench.failure.code),
            MessageSearch(errorCode: "not_known"), MessageSearch(hasDeadWebhook: true),
            MessageSearch(isUnsettled: true),
            MessageSearch(phone: "998901234502"), MessageSearch(phone: "998901234502", hasDeadWebhook: true),
            MessageSearch(reference: "order 1", errorCode: StoreBench.failure.code),
            MessageSearch(createdFrom: all[30].createdAt, createdTo: all[5].createdAt),
        ]
        let states: [Set<MessageState>?] = [
            nil, [.unknown], [.unknown, .failed, .cancelled], [.queued, .scheduled, .sending], [.submitted, .failed],
            [.delivered, .undelivered], [], Set(MessageState.allCases),
        ]
        return leads.flatMap { lead in
            states.flatMap { states in
                [nil, Lane.transactional].map { lane in
                    var search = lead
                    search.states = states
                    search.lane = lane
                    return search
                }
            }
        }
    }
}

extension StoreBench {
    /// Messages in every state, some with webhooks that were given up; newest first.
    fileprivate func everyKind() async throws -> [Message] {
        for index in 0..<44 {
            let now = noon + .seconds(index)
            let lane = Lane.allCases[index / 3 % 3]
            let new = self.new(
                lane,
                phone: "99890123450\(index % 3)",
                reference: index % 4 == 0 ? "order 1" : nil,
                webhookURL: index % 2 == 0 ? "https://app.example.test" : nil,
                sendAt: index % 11 == 9 ? now + .seconds(3_600) : nil
            )
            let message = try await accept(new, at: now)
            switch index % 11 {
            case 0: _ = try await store.cancel(message.id, detail: nil, at: now)
            case 1, 2, 3:
                let claim = try await claim(of: message, at: now)
                try await begin(claim, at: now)
                try await settle(claim, .unknown(Self.failure, reconcileAt: now + .seconds(60)), at: now)
                let forGood = Resolution.unknownForGood(MessageError(code: "outcome_unknown", message: "Nobody knows."))
                if index % 11 == 2 { _ = try await store.settleUnknown(message.id, as: forGood, at: now) }
            case 4: try await settle(claim(of: message, at: now), .failed(Self.failure), at: now)
            case 5, 6, 7, 8:
                try await settle(
                    claim(of: message, at: now),
                    .submitted(providerID: "u-\(index)", detail: nil, nextReport: nil),
                    at: now
                )
                if index % 11 == 7 { try await record(.delivered, for: message.id, at: now) }
                if index % 11 == 8 { try await record(.undelivered, for: message.id, at: now) }
            // What is left waiting is taken by whoever claims next.
            default: break
            }
        }
        for (index, delivery) in try await store.dueWebhooks(at: noon + .seconds(99), lease: .seconds(9), limit: 99)
            .enumerated()
        {
            let result: WebhookResult = index % 3 == 0 ? .delivered : .dead(reason: "410")
            try await store.finishWebhook(delivery.id, result, at: noon + .seconds(99))
        }
        return try await allMessages()
    }

    /// What a search is to find, by looking at everything.
    fileprivate func matches(_ search: MessageSearch, among all: [Message]) async throws -> [MessageID] {
        var ids: [MessageID] = []
        for message in all where search.admits(message) {
            if search.hasDeadWebhook {
                let webhooks = try await timeline(message.id).webhooks
                guard webhooks.contains(where: { $0.progress == .dead }) else { continue }
            }
            ids.append(message.id)
        }
        return ids
    }
}
