import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let concurrency: [Check] = [
        Check("one message is claimed by one of many") { bench in
            for lane in Lane.allCases { _ = try await bench.acceptAll((0..<60).map { _ in bench.new(lane) }) }
            let claims = try await withThrowingTaskGroup(of: [Claim].self) { group in
                for owner in 0..<16 {
                    group.addTask {
                        var mine: [Claim] = []
                        while true {
                            let more = try await bench.claimResult(limit: 3, owner: "owner \(owner)").claims
                            if more.isEmpty { return mine }
                            mine += more
                        }
                    }
                }
                return try await group.reduce(into: []) { (all: inout [Claim], one) in all += one }
            }
            try expect(claims.count, is: 180, "claims")
            try expect(Set(claims.map(\.message.id)).count, is: 180, "messages")
            try await bench.expectRecount()
        },
        Check("of many requests with one idempotency key one is accepted, and the others get its messages") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
            let answers = try await withThrowingTaskGroup(of: Acceptance.self) { group in
                for _ in 0..<24 {
                    group.addTask {
                        try await bench.store.accept([bench.new()], batch: nil, idempotency: key, at: bench.noon)
                    }
                }
                return try await group.reduce(into: []) { (all: inout [Acceptance], one) in all.append(one) }
            }
            var accepted: [Message] = []
            var repeated: [Message] = []
            for answer in answers {
                switch answer {
                case .accepted(let messages, _): accepted += messages
                case .repeated(let messages): repeated += messages
                case .keyReused: throw ConformanceFailure(description: "the same request counts as another one")
                case .suppressed: throw ConformanceFailure(description: "a phone that nobody suppressed is suppressed")
                }
            }
            try expect(accepted.count, is: 1, "accepted")
            try expect(repeated, is: Array(repeating: accepted[0], count: 23), "repeated")
        },
        Check("of many codes for one phone at once exactly one is left") { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<24 { group.addTask { _ = try await bench.accept(bench.new(.otp, purpose: "login")) } }
                try await group.waitForAll()
            }
            let states = try await bench.allMessages().map(\.state)
            try expect(states.count { $0 == .queued }, is: 1, "queued")
            try expect(states.count { $0 == .cancelled }, is: 23, "cancelled")
        },
        Check("a message that is cancelled while it is claimed is one or the other") { bench in
            let messages = try await bench.acceptAll((0..<80).map { _ in bench.new() })
            var claimed: Set<MessageID> = []
            var cancelled: Set<MessageID> = []
            let outcomes = try await withThrowingTaskGroup(of: ClaimedOrCancelled.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var mine: [MessageID] = []
                        while true {
                            let claims = try await bench.claimResult(limit: 2).claims
                            if claims.isEmpty { return .claimed(mine) }
                            mine += claims.map(\.message.id)
                        }
                    }
                }
                for message in messages {
                    group.addTask {
                        let answer = try await bench.store.cancel(message.id, detail: nil, at: bench.noon)
                        if case .cancelled = answer { return .cancelled(message.id) }
                        return .claimed([])
                    }
                }
                return try await group.reduce(into: []) { (all: inout [ClaimedOrCancelled], one) in all.append(one) }
            }
            for outcome in outcomes {
                switch outcome {
                case .claimed(let ids): claimed.formUnion(ids)
                case .cancelled(let id): cancelled.insert(id)
                }
            }
            try expect(claimed.isDisjoint(with: cancelled), "claimed and cancelled: \(claimed.intersection(cancelled))")
            try expect(claimed.union(cancelled).count, is: 80, "neither claimed nor cancelled")
            for message in messages {
                let state: MessageState = cancelled.contains(message.id) ? .cancelled : .sending
                try expect(try await bench.message(message.id).state, is: state, "message \(message.id)")
            }
            try await bench.expectRecount()
        },
        Check("one report that comes many times at once is news once") { bench in
            let client = Message.ClientReference(userSMSID: "5", callbackURL: "https://app.example.test")
            let message = try await bench.submitted(bench.new(client: client))
            let news = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<24 {
                    group.addTask {
                        if case .advanced = try await bench.record(.delivered, for: message.id) { return true }
                        return false
                    }
                }
                return try await group.reduce(into: 0) { (all: inout Int, one) in all += one ? 1 : 0 }
            }
            try expect(news, is: 1, "news")
            try expect(try await bench.timeline(message.id).webhooks.count, is: 1, "callbacks")
        },
        Check("what a cancelled caller has begun is finished") { bench in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                let message = try await bench.accept(bench.new(webhookURL: "https://app.example.test"))
                let claim = try await bench.claim()
                try await bench.begin(claim)
                try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
                try await bench.record(.delivered, for: message.id)
                _ = try await bench.store.keep(RawReport(receivedAt: bench.noon, contentType: "text/plain", body: [1]))
                let due = try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(9), limit: 1)
                try await bench.store.finishWebhook(due[0].id, .delivered, at: bench.noon)
                return try await bench.timeline(message.id)
            }
            let timeline = try await task.value
            try expect(timeline.message.state, is: .delivered, "state")
            try expect(timeline, is: try await bench.timeline(timeline.message.id), "the timeline, read again")
        },
    ]
}

private enum ClaimedOrCancelled: Sendable {
    case claimed([MessageID])
    case cancelled(MessageID)
}
