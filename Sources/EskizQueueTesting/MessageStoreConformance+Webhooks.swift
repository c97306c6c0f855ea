import Eskiz
import EskizQueue

extension MessageStoreConformance {
    private static let url = "https://app.example.test/hook"

    static let webhooks: [Check] = [
        Check("an application is told of submitted, unknown and every end, and of nothing else") { bench in
            let new = bench.new(webhookURL: url)
            let lives: [(String, [MessageState], @Sendable (Message) async throws -> Void)] = [
                ("accepted", [], { _ in }),
                ("cancelled", [.cancelled], { _ = try await bench.store.cancel($0.id, detail: nil, at: bench.noon) }),
                (
                    "retried", [],
                    {
                        try await bench.settle(
                            bench.claim(of: $0),
                            .retry(at: bench.noon + .seconds(9999), StoreBench.failure)
                        )
                    }
                ),
                ("failed", [.failed], { try await bench.settle(bench.claim(of: $0), .failed(StoreBench.failure)) }),
                ("expired", [.expired], { try await bench.settle(bench.claim(of: $0), .expired) }),
                (
                    "unknown", [.unknown, .failed],
                    {
                        try await bench.settle(
                            bench.claim(of: $0),
                            .unknown(StoreBench.failure, reconcileAt: bench.noon)
                        )
                        _ = try await bench.store.settleUnknown($0.id, as: .notSent(StoreBench.failure), at: bench.noon)
                    }
                ),
                (
                    "delivered", [.submitted, .undelivered, .delivered],
                    {
                        let taken = Settlement.Result.submitted(providerID: "u", detail: nil, nextReport: nil)
                        try await bench.settle(bench.claim(of: $0), taken)
                        for status in [MessageStatus.accepted, .enroute, .undelivered, .undelivered, .delivered] {
                            try await bench.record(status, for: $0.id)
                        }
                    }
                ),
            ]
            // Last the ones that stay queued, so that the others find theirs.
            for (name, states, life) in lives.reversed() {
                let message = try await bench.accept(new)
                try await life(message)
                let webhooks = try await bench.timeline(message.id).webhooks
                try expect(webhooks.map(\.state), is: states, name)
                for webhook in webhooks {
                    try expect(webhook.messageID, is: message.id, "message")
                    try expect(webhook.url, is: url, "URL")
                    try expect(webhook.format, is: .standard, "format")
                    try expect(webhook.progress, is: .pending, "progress")
                    try expect(webhook.attempts, is: 0, "attempts")
                    try expect(webhook.nextAt, is: bench.noon, "due")
                }
            }
        },
        Check("an Eskiz client is told of every report that says something new, with the report") { bench in
            let client = Message.ClientReference(userSMSID: "5", callbackURL: url)
            let message = try await bench.submitted(bench.new(client: client))
            for status in [MessageStatus.accepted, .accepted, .stored, .partDelivered, .delivered, .delivered] {
                try await bench.record(status, for: message.id)
            }
            let webhooks = try await bench.timeline(message.id).webhooks
            try expect(webhooks.map(\.format), is: [.eskiz, .eskiz, .eskiz], "formats")
            try expect(webhooks.map(\.report?.status), is: [.accepted, .partDelivered, .delivered], "reports")
            try expect(webhooks.map(\.state), is: [.submitted, .submitted, .delivered], "states")
            try expect(
                webhooks.map(\.report),
                is: try await bench.timeline(message.id).reports.filter { $0.status != .stored },
                "whole"
            )
        },
        Check("who gave no address is told nothing") { bench in
            let message = try await bench.submitted(bench.new(client: .init(userSMSID: "5", callbackURL: nil)))
            try await bench.record(.delivered, for: message.id)
            try expect(try await bench.timeline(message.id).webhooks, is: [], "webhooks")
            let due = try await bench.store.dueWebhooks(at: bench.noon + .seconds(9), lease: .seconds(1), limit: 9)
            try expect(due, is: [], "due")
        },
        Check("a delivery is offered once per lease, the longest due first") { bench in
            let messages = [
                try await bench.submitted(bench.new(webhookURL: url), providerID: "u-1", at: bench.noon + .seconds(1)),
                try await bench.submitted(bench.new(webhookURL: url), providerID: "u-2", at: bench.noon + .seconds(2)),
            ]
            let now = bench.noon + .seconds(2)
            try expect(
                try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(30), limit: 9),
                is: [],
                "before they are due"
            )
            let first = try await bench.store.dueWebhooks(at: now, lease: .seconds(30), limit: 1)
            try expect(first.map(\.messageID), is: [messages[0].id], "first")
            let second = try await bench.store.dueWebhooks(at: now, lease: .seconds(30), limit: 9)
            try expect(second.map(\.messageID), is: [messages[1].id], "second")
            try expect(try await bench.store.dueWebhooks(at: now, lease: .seconds(30), limit: 9), is: [], "leased")
            let again = try await bench.store.dueWebhooks(at: now + .seconds(30), lease: .seconds(30), limit: 9)
            try expect(again.map(\.id), is: [first[0].id, second[0].id], "when the lease has ended")
            try expect(again.map(\.attempts), is: [0, 0], "nobody has said what came of it")
        },
        Check("what came of a delivery is noted") { bench in
            let message = try await bench.submitted(bench.new(webhookURL: url))
            let due = { @Sendable (now: Timestamp) async throws -> WebhookDelivery? in
                try await bench.store.dueWebhooks(at: now, lease: .seconds(30), limit: 9).first
            }
            let first = try demand(try await due(bench.noon), "not due")
            let then = bench.noon + .seconds(60)
            try await bench.store.finishWebhook(first.id, .retry(at: then, reason: "502"), at: bench.noon)
            try expect(try await due(then - .milliseconds(1)), is: nil, "early")
            let second = try demand(try await due(then), "not due again")
            try expect(second.id, is: first.id, "the same number, so that the receiver can tell")
            try expect(second.attempts, is: 1, "attempts")
            try expect(second.lastError, is: "502", "error")
            try await bench.store.finishWebhook(first.id, .delivered, at: then)
            let done = try demand(try await bench.timeline(message.id).webhooks.first, "gone")
            try expect(done.progress, is: .delivered, "progress")
            try expect(done.attempts, is: 2, "attempts")
            try expect(done.nextAt, is: nil, "next")
            try expect(done.lastError, is: nil, "error")
            try await bench.store.finishWebhook(first.id, .dead(reason: "late"), at: then)
            try expect(try await bench.timeline(message.id).webhooks.first, is: done, "it is over")
            try await bench.store.finishWebhook(987_654, .delivered, at: then)
        },
        Check("a delivery that is given up is counted, and can be replayed") { bench in
            let message = try await bench.submitted(bench.new(webhookURL: url))
            try await bench.record(.delivered, for: message.id)
            let due = try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(30), limit: 9)
            try expect(due.count, is: 2, "due")
            try await bench.store.finishWebhook(due[0].id, .dead(reason: "gone"), at: bench.noon)
            try await bench.store.finishWebhook(due[1].id, .delivered, at: bench.noon)
            try expect(try await bench.store.statistics().deadWebhooks, is: 1, "dead")
            let dead = try demand(try await bench.timeline(message.id).webhooks.first, "gone")
            try expect(dead.progress, is: .dead, "progress")
            try expect(dead.lastError, is: "gone", "error")
            try expect(dead.nextAt, is: nil, "next")
            let now = bench.noon + .seconds(5)
            try expect(try await bench.store.replayWebhooks(of: message.id, at: now), is: 2, "replayed")
            try expect(try await bench.store.statistics().deadWebhooks, is: 0, "dead")
            let again = try await bench.store.dueWebhooks(at: now, lease: .seconds(30), limit: 9)
            try expect(again.map(\.id), is: due.map(\.id), "under their old numbers")
            try expect(again.map(\.attempts), is: [0, 0], "attempts")
            try expect(try await bench.store.replayWebhooks(of: MessageID(3), at: now), is: 0, "no such message")
        },
    ]
}
