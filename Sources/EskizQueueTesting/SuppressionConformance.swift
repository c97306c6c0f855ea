import Eskiz
package import EskizQueue
import EskizText

/// What every store of suppressed phones has to do: the definition of `SuppressionStore`.
///
/// As `MessageStoreConformance`: each check runs on a store of its own that is new and empty.
package enum SuppressionConformance {
    package struct Check: Sendable, CustomStringConvertible {
        package let description: String
        private let body: @Sendable (any MessageStore & SuppressionStore, Timestamp) async throws -> Void

        fileprivate init(
            _ sentence: String,
            _ body: @escaping @Sendable (any MessageStore & SuppressionStore, Timestamp) async throws -> Void
        ) {
            description = sentence
            self.body = body
        }

        /// - Throws: `ConformanceFailure`, which says what is wrong and where it was noticed.
        package func callAsFunction(on store: any MessageStore & SuppressionStore) async throws {
            do {
                try await body(store, Timestamp(milliseconds: 1_800_000_000_000))
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }

    private static func entry(
        _ phone: String,
        _ scope: Suppression.Scope = .all,
        reason: String = "asked by phone",
        at now: Timestamp
    ) -> Suppression {
        Suppression(phone: phone, scope: scope, reason: reason, addedAt: now, addedBy: "desk")
    }

    private static func message(_ phone: String, _ lane: Lane) -> NewMessage {
        NewMessage(
            lane: lane,
            phone: phone,
            text: "Salom",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1",
            webhookURL: "https://app.example.test"
        )
    }

    private static func claim(
        _ store: any MessageStore & SuppressionStore,
        at now: Timestamp
    ) async throws -> ClaimResult {
        try await store.claim(
            ClaimRequest(
                owner: "a",
                leaseUntil: now + .seconds(30),
                shares: Lane.allCases.map { .init($0, 10) },
                limit: 30
            ),
            at: now
        )
    }

    package static let checks: [Check] = [
        Check("phones are kept with scope and reason, the last one first, page by page") { store, now in
            let phones = (0..<7).map { "99890123456\($0)" }
            for phone in phones {
                try expect(try await store.suppress([entry(phone, at: now)]), is: 1, "added")
            }
            try expect(try await store.suppressionCount(), is: 7, "count")
            let first = try await store.suppressions(SuppressionSearch(limit: 4))
            let rest = try await store.suppressions(SuppressionSearch(before: first.last?.number, limit: 4))
            try expect((first + rest).map(\.phone), is: phones.reversed(), "phones")
            var kept = try demand(first.first, "nothing is kept")
            kept.number = 0
            try expect(kept, is: entry(phones[6], at: now), "what is kept")
            let one = try await store.suppressions(SuppressionSearch(phone: phones[2]))
            try expect(one.map(\.phone), is: [phones[2]], "one phone")
            try expect(try await store.suppressions(SuppressionSearch(limit: 0)), is: [], "a page of nothing")
        },
        Check("a phone that is on the list gets the new scope and reason, and its place stays") { store, now in
            _ = try await store.suppress([entry("998901234567", at: now), entry("998907654321", at: now)])
            let changed = entry("998901234567", .bulk, reason: "mailings only", at: now + .seconds(1))
            try expect(try await store.suppress([changed]), is: 0, "added")
            try expect(try await store.suppressionCount(), is: 2, "count")
            let all = try await store.suppressions(SuppressionSearch())
            try expect(all.map(\.phone), is: ["998907654321", "998901234567"], "order")
            try expect(all.last?.scope, is: .bulk, "scope")
            try expect(all.last?.reason, is: "mailings only", "reason")
        },
        Check("phones are taken off the list, and one that is not on it is no matter") { store, now in
            _ = try await store.suppress([entry("998901234567", at: now), entry("998907654321", at: now)])
            try expect(try await store.unsuppress(["998901234567", "998900000001"]), is: 1, "removed")
            try expect(try await store.suppressionCount(), is: 1, "count")
            let accepted = try await store.accept(
                [message("998901234567", .otp)],
                batch: nil,
                idempotency: nil,
                at: now
            )
            guard case .accepted = accepted else { throw ConformanceFailure(description: "still refused") }
        },
        Check("a message to a suppressed phone is not kept, and the places of such phones are told") { store, now in
            _ = try await store.suppress([entry("998901234567", at: now), entry("998907654321", .bulk, at: now)])
            for lane in Lane.allCases {
                let answer = try await store.accept(
                    [message("998900000001", lane), message("998907654321", lane), message("998901234567", lane)],
                    batch: nil,
                    idempotency: IdempotencyKey(apiKeyID: "k_1", key: "order-17", fingerprint: [1]),
                    at: now
                )
                try expect(answer, is: .suppressed(lane == .bulk ? [1, 2] : [2]), "the answer of \(lane)")
            }
            try expect(store.depth.total, is: 0, "waiting")
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-17", fingerprint: [1])
            try expect(try await store.repetition(of: key), is: nil, "the key is free")
        },
        Check("what waits when its phone is suppressed is cancelled when its turn comes, and told") { store, now in
            for (index, lane) in Lane.allCases.enumerated() {
                _ = try await store.accept(
                    [message("99890123456\(index)", lane)],
                    batch: nil,
                    idempotency: nil,
                    at: now
                )
            }
            _ = try await store.accept([message("998907654321", .bulk)], batch: nil, idempotency: nil, at: now)
            _ = try await store.suppress(Lane.allCases.indices.map { entry("99890123456\($0)", .bulk, at: now) })
            let first = try await claim(store, at: now)
            let bulk = Lane.allCases.firstIndex(of: .bulk) ?? 0
            try expect(first.expired.map(\.phone), is: ["99890123456\(bulk)"], "cancelled")
            try expect(first.expired.map(\.state), is: [.cancelled], "state")
            try expect(first.expired.first?.statusDetail, is: Suppression.detail, "why")
            try expect(first.claims.count, is: 3, "the others go")
            try expect(store.depth.total, is: 3, "what is being sent")
            let told = try await store.dueWebhooks(at: now, lease: .seconds(30), limit: 10)
            try expect(told.map(\.state).filter { $0 == .cancelled }.count, is: 1, "the application is told")
        },
    ]
}
