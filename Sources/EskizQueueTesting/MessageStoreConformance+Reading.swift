import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let reading: [Check] = [
        Check("pages are newest first, and together are everything") { bench in
            let messages = try await bench.acceptAll((0..<25).map { _ in bench.new() })
            var found: [MessageID] = []
            var before: MessageID?
            for _ in 0..<3 {
                let page = try await bench.store.messages(MessageSearch(before: before, limit: 10)).map(\.id)
                found += page
                before = page.last
            }
            try expect(found, is: messages.map(\.id).reversed(), "pages")
            try expect(try await bench.store.messages(MessageSearch(limit: 0)), is: [], "a page of nothing")
        },
        Check("one page is never larger than the largest") { bench in
            for _ in 0..<11 { _ = try await bench.acceptAll((0..<100).map { _ in bench.new(.bulk) }) }
            let page = try await bench.store.messages(MessageSearch(limit: 1_000_000))
            try expect(page.count, is: MessageSearch.maximumLimit, "messages")
        },
        Check("every filter finds what it says, alone and together with the others") { bench in
            var all: [Message] = []
            for index in 0..<120 {
                let lane = Lane.allCases[index % 3]
                let now = bench.noon + .seconds(index / 10)
                let message = try await bench.accept(
                    bench.new(
                        lane,
                        phone: "99890123450\(index % 4)",
                        reference: index % 5 == 0 ? nil : "order \(index % 5)"
                    ),
                    at: now
                )
                if index % 4 == 1 { _ = try await bench.store.cancel(message.id, detail: nil, at: now) }
                if index % 7 == 2 { _ = try await bench.claimResult([.init(lane, 1)], limit: 1, at: now) }
            }
            all = try await bench.allMessages()
            try expect(all.count, is: 120, "messages")
            let stateSets: [Set<MessageState>?] = [
                nil, [], [.queued], [.cancelled, .sending], [.delivered], Set(MessageState.allCases),
            ]
            var tried = 0
            for states in stateSets {
                for lane in [nil] + Lane.allCases {
                    for phone in [nil, "998901234502", "998000000000"] {
                        for reference in [nil, "order 3", "order"] {
                            for (from, to) in [(nil, nil), (3, nil), (nil, 7), (2, 6), (6, 2)] as [(Int?, Int?)] {
                                let query = MessageSearch(
                                    states: states,
                                    lane: lane,
                                    phone: phone,
                                    reference: reference,
                                    before: tried % 2 == 0 ? nil : all[20].id,
                                    createdFrom: from.map { bench.noon + .seconds($0) },
                                    createdTo: to.map { bench.noon + .seconds($0) },
                                    limit: tried % 3 == 0 ? 4 : 200
                                )
                                let wanted = all.filter { query.admits($0) }.prefix(query.limit).map(\.id)
                                try expect(try await bench.store.messages(query).map(\.id), is: wanted, "\(query)")
                                tried += 1
                            }
                        }
                    }
                }
            }
        },
        Check("a timeline has everything about one message, in order") { bench in
            try expect(try await bench.store.timeline(MessageID(1)), is: nil, "no such message")
            let other = try await bench.submitted(bench.new(.otp, webhookURL: "https://app.example.test"))
            let message = try await bench.accept(bench.new(webhookURL: "https://app.example.test"))
            let retried = try await bench.claim(of: message)
            try await bench.settle(retried, .retry(at: bench.noon, StoreBench.failure))
            let claim = try await bench.claim(of: message)
            try await bench.begin(claim)
            try await bench.settle(claim, .submitted(providerID: "u-2", detail: nil, nextReport: nil))
            try await bench.record(.accepted, for: message.id)
            try await bench.record(.delivered, for: message.id)
            let timeline = try await bench.timeline(message.id)
            try expect(timeline.message, is: try await bench.message(message.id), "message")
            try expect(timeline.attempts.map(\.outcome), is: [.notTaken, .taken], "attempts")
            try expect(timeline.reports.map(\.status), is: [.accepted, .delivered], "reports")
            try expect(timeline.webhooks.map(\.state), is: [.submitted, .delivered], "webhooks")
            try expect(try await bench.timeline(other.id).webhooks.map(\.state), is: [.submitted], "the other's")
        },
        Check("what clients called their messages comes back; those without a name are left out") { bench in
            let named = Message.ClientReference(userSMSID: "a-1", callbackURL: nil)
            let told = Message.ClientReference(userSMSID: nil, callbackURL: "https://app.example.test")
            let messages = try await bench.acceptAll([bench.new(client: named), bench.new(), bench.new(client: told)])
            let found = try await bench.store.clientReferences(messages.map(\.id) + [MessageID(3)])
            try expect(found, is: [messages[0].id: named, messages[2].id: told], "references")
        },
        Check("statistics of an empty store are empty") { bench in
            try expect(try await bench.store.statistics(), is: QueueStatistics(), "statistics")
            try expect(bench.store.depth.total, is: 0, "depth")
        },
        Check("a store that is well says so") { bench in try await bench.store.checkWritable() },
    ]

    static let keys: [Check] = [
        Check("a secret is made once and stays") { bench in
            let made = try await bench.store.secret("callback", orMake: { [1, 2, 3] })
            try expect(made, is: [1, 2, 3], "made")
            let again = try await bench.store.secret("callback", orMake: { [9] })
            try expect(again, is: [1, 2, 3], "asked again")
            try expect(try await bench.store.secret("webhook", orMake: { [4] }), is: [4], "another one")
        },
        Check("however many ask at once, all get one secret") { bench in
            let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for number in 0..<32 {
                    group.addTask { try await bench.store.secret("callback", orMake: { [UInt8(number)] }) }
                }
                var secrets: Set<[UInt8]> = []
                for try await secret in group { secrets.insert(secret) }
                return secrets
            }
            try expect(secrets.count, is: 1, "secrets")
        },
        Check("API keys are kept, listed oldest first, and revoked once") { bench in
            let later = APIKeyRecord(
                id: "k_b",
                name: "reports",
                scopes: [.read],
                digest: [3, 4],
                createdAt: bench.noon + .seconds(1)
            )
            let first = APIKeyRecord(
                id: "k_c",
                name: "shop",
                scopes: [.send, .admin],
                digest: [1, 2],
                createdAt: bench.noon
            )
            try await bench.store.add(later)
            try await bench.store.add(first)
            try expect(try await bench.store.apiKeys(), is: [first, later], "keys")
            try expect(try await bench.store.revokeAPIKey("k_b", at: bench.noon + .seconds(5)), is: true, "revoked")
            try expect(try await bench.store.revokeAPIKey("k_b", at: bench.noon + .seconds(9)), is: true, "again")
            try expect(try await bench.store.revokeAPIKey("k_x", at: bench.noon), is: false, "no such key")
            var revoked = later
            revoked.revokedAt = bench.noon + .seconds(5)
            try expect(try await bench.store.apiKeys(), is: [first, revoked], "keys")
        },
        Check("a second API key with the same id is refused, and the first one stays") { bench in
            let key = APIKeyRecord(id: "k_a", name: "shop", scopes: [.send], digest: [1], createdAt: bench.noon)
            try await bench.store.add(key)
            var other = key
            other.digest = [2]
            do {
                try await bench.store.add(other)
                throw ConformanceFailure(description: "a second key with the same id was taken")
            } catch let error as StoreError {
                try expect(error.code, is: .keyExists, "the error")
            }
            try expect(try await bench.store.apiKeys(), is: [key], "keys")
        },
    ]
}
