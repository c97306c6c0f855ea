package import EskizQueue
import EskizText
package import EskizVerify

/// What every store of verifications has to do: the definition of `VerificationStore`.
///
/// As `MessageStoreConformance`: each check runs on a store of its own that is new and empty.
package enum VerificationConformance {
    package struct Check: Sendable, CustomStringConvertible {
        package let description: String
        private let body: @Sendable (VerificationBench) async throws -> Void

        init(_ sentence: String, _ body: @escaping @Sendable (VerificationBench) async throws -> Void) {
            description = sentence
            self.body = body
        }

        /// - Throws: `ConformanceFailure`, which says what is wrong and where it was noticed.
        package func callAsFunction(on store: any MessageStore & VerificationStore) async throws {
            do {
                try await body(VerificationBench(store: store))
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }

    package static let checks: [Check] = opening + sending + checking + ending + figures
}

/// Begins and checks verifications on a store.
struct VerificationBench: Sendable {
    let store: any MessageStore & VerificationStore
    let noon = Timestamp(milliseconds: 1_800_000_000_000)

    func id(_ number: UInt8) -> VerificationID {
        // Sixteen bytes always are an id.
        VerificationID(bytes: [UInt8](repeating: number, count: 16))!
    }

    func new(_ number: UInt8, phone: String = "998901234567", purpose: String = "") -> NewVerification {
        NewVerification(
            id: id(number),
            apiKeyID: "k_1",
            phone: phone,
            purpose: purpose,
            keyID: "0badcafe",
            template: "login",
            language: "uz",
            reference: "order-17",
            webhookURL: "https://app.example.test",
            network: "203.0.113.5",
            cost: 250
        )
    }

    func message(_ phone: String = "998901234567") -> NewMessage {
        NewMessage(lane: .otp, phone: phone, text: "Kod", sender: "4546", segments: 1, encoding: .gsm7, apiKeyID: "k_1")
    }

    func open(
        _ new: NewVerification,
        limits: SendLimits = SendLimits(),
        at now: Timestamp? = nil
    ) async throws -> VerificationOpening {
        try await store.open(new, message: message(new.phone), limits: limits, at: now ?? noon)
    }

    func opened(
        _ new: NewVerification,
        limits: SendLimits = SendLimits(),
        at now: Timestamp? = nil
    ) async throws -> Verification {
        guard case .opened(let verification, _) = try await open(new, limits: limits, at: now) else {
            throw ConformanceFailure(description: "it was not opened")
        }
        return verification
    }

    func take(
        _ id: VerificationID,
        limits: SendLimits = SendLimits(),
        at now: Timestamp? = nil
    ) async throws -> TakenCheck? {
        if case .taken(let check) = try await store.takeCheck(.id(id), limits: limits, at: now ?? noon) {
            check
        } else {
            nil
        }
    }

    /// A wrong or right code from beginning to end; nil if it was not compared.
    func check(
        _ id: VerificationID,
        isRight: Bool,
        limits: SendLimits = SendLimits(),
        at now: Timestamp? = nil
    ) async throws -> CheckResult? {
        guard let taken = try await take(id, limits: limits, at: now) else { return nil }
        return try await store.finishCheck(taken, isRight: isRight, at: now ?? noon)
    }

    func refusal(_ opening: VerificationOpening) -> SendRefusal? {
        if case .refused(let refusal) = opening { refusal } else { nil }
    }

    /// Eskiz takes the SMS.
    func submit(_ id: MessageID, at now: Timestamp) async throws {
        let claims = try await store.claim(
            ClaimRequest(owner: "a", leaseUntil: now + .seconds(30), shares: [.init(.otp, 10)], limit: 10),
            at: now
        ).claims
        try await store.beginWriting(claims, at: now)
        let settlements = claims.map {
            Settlement($0, .submitted(providerID: "p-\(id)", detail: nil, nextReport: nil))
        }
        _ = try await store.settle(settlements, at: now)
    }
}

extension VerificationConformance {
    static let opening: [Check] = [
        Check("a verification is kept as it is, with its SMS, in one step") { bench in
            let opened = try await bench.opened(bench.new(1, purpose: "login"))
            let kept = try demand(try await bench.store.verification(bench.id(1)), "not kept")
            try expect(kept, is: opened, "what was kept")
            try expect(kept.purpose, is: "login", "purpose")
            try expect(kept.reference, is: "order-17", "reference")
            try expect(kept.network, is: "203.0.113.5", "network")
            try expect(kept.sends, is: 1, "sends")
            try expect(kept.status(at: bench.noon), is: .pending, "status")
            try expect(kept.resendAt, is: bench.noon + .seconds(30), "when to send again")
            let message = try demand(try await bench.store.message(kept.messageID ?? MessageID(0)), "no message")
            try expect(message.lane, is: .otp, "lane")
            try expect(message.expiresAt, is: kept.expiresAt, "the SMS expires with it")
            try expect(bench.store.depth[.otp], is: 1, "waiting")
        },
        Check("while one is pending, the same key, phone and purpose get that one, and nothing is sent") { bench in
            let first = try await bench.opened(bench.new(1))
            guard case .pending(let again) = try await bench.open(bench.new(2)) else {
                throw ConformanceFailure(description: "a second one was opened")
            }
            try expect(again, is: first, "the pending one")
            try expect(bench.store.depth[.otp], is: 1, "SMS")
            // Another purpose is another code, though it has to wait for the phone.
            let later = bench.noon + .seconds(30)
            _ = try await bench.opened(bench.new(3, purpose: "payment"), at: later)
            try expect(bench.store.depth[.otp], is: 2, "SMS of both purposes")
        },
        Check("of fifty that ask at once one gets an SMS") { bench in
            let openings = try await withThrowingTaskGroup(of: VerificationOpening.self) { group in
                for number in 1...50 {
                    group.addTask { try await bench.open(bench.new(UInt8(number))) }
                }
                var all: [VerificationOpening] = []
                for try await opening in group { all.append(opening) }
                return all
            }
            let opened = openings.count { if case .opened = $0 { true } else { false } }
            let pending = openings.count { if case .pending = $0 { true } else { false } }
            try expect(opened, is: 1, "opened")
            try expect(pending, is: 49, "pending")
            try expect(bench.store.depth[.otp], is: 1, "SMS")
        },
        Check("without an SMS no limit is asked and none is used up") { bench in
            for number in 1...20 {
                let opening = try await bench.store.open(
                    bench.new(UInt8(number), purpose: "\(number)"),
                    message: nil,
                    limits: SendLimits(),
                    at: bench.noon
                )
                guard case .opened(let verification, nil) = opening else {
                    throw ConformanceFailure(description: "refused")
                }
                try expect(verification.messageID, is: nil, "message")
            }
            _ = try await bench.opened(bench.new(21))
        },
    ]

    static let sending: [Check] = [
        Check("a phone waits 30, 60, 180 and 300 seconds, and gets no more than five in an hour") { bench in
            var now = bench.noon
            for (number, wait) in [30, 60, 180, 300, 3_600 - 570].enumerated() {
                _ = try await bench.opened(bench.new(UInt8(number), purpose: "\(number)"), at: now)
                let early = now + .seconds(wait) - .milliseconds(1)
                let refusal = try demand(
                    bench.refusal(try await bench.open(bench.new(99, purpose: "x"), at: early)),
                    "the wait after SMS \(number + 1)"
                )
                try expect(refusal.rule, is: number == 4 ? .phoneHour : .phoneInterval, "rule \(number)")
                try expect(refusal.retryAfter, is: .milliseconds(1), "when to ask again")
                now = now + .seconds(wait)
            }
            _ = try await bench.opened(bench.new(9, purpose: "9"), at: now)
            try expect(bench.store.depth[.otp], is: 6, "what was refused sent nothing")
        },
        Check("a phone gets no more than ten in a day, whatever it is for") { bench in
            var limits = SendLimits()
            limits.intervals = []
            limits.phoneHour = 100
            for number in 0..<10 {
                _ = try await bench.opened(
                    bench.new(UInt8(number), purpose: "\(number)"),
                    limits: limits,
                    at: bench.noon + .seconds(number * 3_600)
                )
            }
            let refused = try await bench.open(
                bench.new(99, purpose: "x"),
                limits: limits,
                at: bench.noon + .seconds(86_400) - .milliseconds(1)
            )
            try expect(bench.refusal(refused)?.rule, is: .phoneDay, "rule")
            _ = try await bench.opened(
                bench.new(99, purpose: "x"),
                limits: limits,
                at: bench.noon + .seconds(86_400)
            )
        },
        Check("numbers of one block, one network, one key and all together have their limits, exactly") { bench in
            var limits = SendLimits()
            limits.block = 3
            limits.networkHour = 5
            limits.keyMinute = 7
            limits.totalMinute = 8
            limits.budget = 2_500
            func new(_ number: Int, block: Int, network: String?, key: String = "k_1", cost: Int = 250)
                -> NewVerification
            {
                var new = bench.new(UInt8(number), phone: "99890\(100 + block)\(1_000 + number)")
                new.network = network
                new.apiKeyID = key
                new.cost = cost
                return new
            }
            for number in 0..<3 { _ = try await bench.opened(new(number, block: 1, network: nil), limits: limits) }
            let block = bench.refusal(try await bench.open(new(10, block: 1, network: nil), limits: limits))
            try expect(block?.rule, is: .numberBlock, "block")
            try expect(block?.retryAfter, is: .seconds(600), "block again")
            for number in 3..<8 {
                let now = number < 7 ? bench.noon : bench.noon + .seconds(60)
                _ = try await bench.opened(
                    new(number, block: number, network: "2001:db8::/64"),
                    limits: limits,
                    at: now
                )
            }
            let network = bench.refusal(
                try await bench.open(
                    new(11, block: 11, network: "2001:db8::/64"),
                    limits: limits,
                    at: bench.noon + .seconds(60)
                )
            )
            try expect(network?.rule, is: .clientIP, "network")
            let key = bench.refusal(try await bench.open(new(12, block: 12, network: nil), limits: limits))
            try expect(key?.rule, is: .keyMinute, "key")
            _ = try await bench.opened(new(13, block: 13, network: nil, key: "k_2"), limits: limits)
            let total = bench.refusal(
                try await bench.open(new(14, block: 14, network: nil, key: "k_2"), limits: limits)
            )
            try expect(total?.rule, is: .totalMinute, "total")
            // Eight of 250 are spent by the first key.
            let later = bench.noon + .seconds(120)
            let budget = bench.refusal(
                try await bench.open(new(15, block: 15, network: nil, cost: 501), limits: limits, at: later)
            )
            try expect(budget?.rule, is: .budget, "budget")
            _ = try await bench.opened(new(15, block: 15, network: nil, cost: 500), limits: limits, at: later)
            try expect(bench.store.depth[.otp], is: 10, "SMS")
        },
        Check("the same verification is sent again, counts, and lives on from when Eskiz took it") { bench in
            let first = try await bench.opened(bench.new(1))
            try expect(first.expiresAt, is: bench.noon + .seconds(300), "at first")
            try await bench.submit(first.messageID ?? MessageID(0), at: bench.noon + .seconds(20))
            let taken = try demand(try await bench.store.verification(first.id), "gone")
            try expect(taken.expiresAt, is: bench.noon + .seconds(320), "once it is taken")
            let early = try await bench.store.sendAgain(
                first.id,
                message: bench.message(),
                cost: 250,
                limits: SendLimits(),
                at: bench.noon + .seconds(29)
            )
            guard case .refused(let refusal, _) = early else { throw ConformanceFailure(description: "sent too early") }
            try expect(refusal.rule, is: .phoneInterval, "rule")
            let again = try await bench.store.sendAgain(
                first.id,
                message: bench.message(),
                cost: 250,
                limits: SendLimits(),
                at: bench.noon + .seconds(200)
            )
            guard case .sent(let second, _) = again else { throw ConformanceFailure(description: "not sent") }
            try expect(second.sends, is: 2, "sends")
            try expect(second.messageID == first.messageID, is: false, "another message")
            try expect(second.expiresAt, is: bench.noon + .seconds(320), "while it waits")
            try await bench.submit(second.messageID ?? MessageID(0), at: bench.noon + .seconds(310))
            let end = try demand(try await bench.store.verification(first.id), "gone").expiresAt
            try expect(end, is: bench.noon + .seconds(600), "twice its life and no more")
        },
        Check("what is over is not sent again, and what is unknown is not found") { bench in
            let first = try await bench.opened(bench.new(1))
            let late = bench.noon + .seconds(300)
            let again = try await bench.store.sendAgain(
                first.id,
                message: bench.message(),
                cost: 0,
                limits: SendLimits(),
                at: late
            )
            guard case .over(let over) = again else { throw ConformanceFailure(description: "sent again") }
            try expect(over.status(at: late), is: .expired, "status")
            let unknown = try await bench.store.sendAgain(
                bench.id(9),
                message: bench.message(),
                cost: 0,
                limits: SendLimits(),
                at: late
            )
            try expect(unknown, is: .notFound, "unknown")
            // And the next one is a new one.
            let next = try await bench.opened(bench.new(2), at: late)
            try expect(next.id, is: bench.id(2), "new")
        },
    ]

    static let checking: [Check] = [
        Check("of two hundred wrong codes at once exactly five are compared") { bench in
            let id = try await bench.opened(bench.new(1)).id
            let compared = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 { group.addTask { try await bench.check(id, isRight: false) != nil } }
                var count = 0
                for try await isCompared in group where isCompared { count += 1 }
                return count
            }
            try expect(compared, is: 5, "compared")
            let after = try demand(try await bench.store.verification(id), "gone")
            try expect(after.status(at: bench.noon), is: .exhausted, "status")
            try expect(after.checksAnswered, is: 5, "answered")
        },
        Check("of many right codes at once one succeeds") { bench in
            let id = try await bench.opened(bench.new(1)).id
            let valid = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { try await bench.check(id, isRight: true)?.isValid == true } }
                var count = 0
                for try await isValid in group where isValid { count += 1 }
                return count
            }
            try expect(valid, is: 1, "valid")
            let after = try demand(try await bench.store.verification(id), "gone")
            try expect(after.status(at: bench.noon), is: .approved, "status")
            try expect(try await bench.check(id, isRight: true), is: nil, "again")
        },
        Check("a check that was taken and never answered stays taken") { bench in
            let id = try await bench.opened(bench.new(1)).id
            for _ in 0..<5 { _ = try demand(try await bench.take(id), "not taken") }
            try expect(try await bench.take(id), is: nil, "a sixth")
            let after = try demand(try await bench.store.verification(id), "gone")
            try expect(after.checks, is: 5, "checks")
            try expect(after.checksAnswered, is: 0, "answered")
        },
        Check("ten wrong codes for a phone within an hour lock it for an hour, over all its verifications") { bench in
            var limits = SendLimits()
            limits.intervals = []
            for number in UInt8(1)...3 {
                _ = try await bench.opened(bench.new(number, purpose: "\(number)"), limits: limits)
            }
            for number in [1, 2] as [UInt8] {
                for _ in 0..<5 { _ = try await bench.check(bench.id(number), isRight: false) }
            }
            let locked = try await bench.store.takeCheck(.id(bench.id(3)), limits: limits, at: bench.noon)
            guard case .refused(_, isLocked: true) = locked else { throw ConformanceFailure(description: "not locked") }
            let refusal = bench.refusal(try await bench.open(bench.new(4, purpose: "4"), limits: limits))
            try expect(refusal?.rule, is: .phoneFailures, "a new one")
            try expect(refusal?.retryAfter, is: .seconds(3_600), "until when")
            let later = bench.noon + .seconds(3_600)
            _ = try await bench.opened(bench.new(4, purpose: "4"), limits: limits, at: later)
            try expect(try await bench.check(bench.id(4), isRight: true, at: later)?.isValid, is: true, "afterwards")
        },
        Check("a right code is no failure") { bench in
            var limits = SendLimits()
            limits.intervals = []
            limits.phoneHour = 100
            limits.block = 100
            limits.networkHour = 100
            for number in UInt8(1)...30 {
                let now = bench.noon + .seconds(Int(number))
                let id = try await bench.opened(bench.new(number), limits: limits, at: now).id
                try expect(
                    try await bench.check(id, isRight: true, limits: limits, at: now)?.isValid,
                    is: true,
                    "number \(number)"
                )
                if number == 10 { limits.phoneDay = 100 }
            }
        },
        Check("a phone to which nothing was sent is answered as one with another code") { bench in
            let known = try await bench.opened(bench.new(1, phone: "998901110000"))
            for round in 1...6 {
                let decoy = NewVerification(
                    id: bench.id(UInt8(50 + round)),
                    apiKeyID: "k_1",
                    phone: "998902220000",
                    kind: .decoy
                )
                let same = NewVerification(
                    id: bench.id(UInt8(70 + round)),
                    apiKeyID: "k_1",
                    phone: known.phone,
                    kind: .decoy
                )
                var statuses: [Verification.Status] = []
                var left: [Int] = []
                for target in [decoy, same] {
                    let taking = try await bench.store.takeCheck(
                        .phone(decoy: target),
                        limits: SendLimits(),
                        at: bench.noon
                    )
                    switch taking {
                    case .taken(let check):
                        let result = try await bench.store.finishCheck(check, isRight: false, at: bench.noon)
                        statuses.append(result.verification.status(at: bench.noon))
                        left.append(result.verification.checksLeft)
                    case .refused(let verification, isLocked: false):
                        statuses.append(verification.status(at: bench.noon))
                        left.append(verification.checksLeft)
                    default: throw ConformanceFailure(description: "answered otherwise")
                    }
                }
                try expect(statuses[0], is: statuses[1], "status in round \(round)")
                try expect(left, is: [max(0, 5 - round), max(0, 5 - round)], "checks left in round \(round)")
            }
            // A decoy never succeeds and is in nobody's way.
            let decoy = NewVerification(id: bench.id(90), apiKeyID: "k_1", phone: "998903330000", kind: .decoy)
            guard
                case .taken(let check) = try await bench.store.takeCheck(
                    .phone(decoy: decoy),
                    limits: SendLimits(),
                    at: bench.noon
                )
            else { throw ConformanceFailure(description: "not taken") }
            try expect(
                try await bench.store.finishCheck(check, isRight: true, at: bench.noon).isValid,
                is: false,
                "decoy"
            )
            let real = try await bench.opened(bench.new(91, phone: "998903330000"))
            try expect(real.id, is: bench.id(91), "a real one")
        },
        Check("a code that has expired is not compared") { bench in
            let id = try await bench.opened(bench.new(1)).id
            try expect(try await bench.take(id, at: bench.noon + .seconds(300)), is: nil, "late")
            let taken = try demand(try await bench.take(id, at: bench.noon + .seconds(299)), "not taken in time")
            let result = try await bench.store.finishCheck(taken, isRight: true, at: bench.noon + .seconds(301))
            try expect(result.isValid, is: true, "taken in time")
        },
        Check("of unknown ids nothing is found") { bench in
            let taking = try await bench.store.takeCheck(.id(bench.id(9)), limits: SendLimits(), at: bench.noon)
            try expect(taking, is: .notFound, "check")
            try expect(try await bench.store.verification(bench.id(9)), is: nil, "reading")
            try expect(try await bench.store.cancelVerification(bench.id(9), at: bench.noon), is: nil, "cancelling")
        },
    ]

    static let ending: [Check] = [
        Check("one that is pending is taken back, and any other is left as it is") { bench in
            let id = try await bench.opened(bench.new(1)).id
            let cancelled = try await bench.store.cancelVerification(id, at: bench.noon)
            try expect(cancelled?.status(at: bench.noon), is: .cancelled, "status")
            try expect(cancelled?.endedAt, is: bench.noon, "when")
            try expect(try await bench.take(id), is: nil, "a check")
            try expect(try await bench.store.verification(id), is: cancelled, "kept")
            let later = bench.noon + .seconds(30)
            let approved = try await bench.opened(bench.new(2, purpose: "2"), at: later).id
            _ = try await bench.check(approved, isRight: true, at: later)
            let left = try await bench.store.cancelVerification(approved, at: later)
            try expect(left?.status(at: later), is: .approved, "approved")
        },
        Check("what was checked elsewhere is noted once") { bench in
            let id = try await bench.opened(bench.new(1)).id
            let noted = try await bench.store.recordOutcome(id, isApproved: true, at: bench.noon)
            try expect(noted?.status(at: bench.noon), is: .approved, "status")
            let again = try await bench.store.recordOutcome(id, isApproved: false, at: bench.noon)
            try expect(again?.status(at: bench.noon), is: .approved, "the first one stays")
        },
        Check("the newest are read in the order in which they began") { bench in
            var limits = SendLimits()
            limits.intervals = []
            for number in 1...4 {
                let now = bench.noon + .seconds(number)
                _ = try await bench.opened(bench.new(UInt8(number), purpose: "\(number)"), limits: limits, at: now)
            }
            let all = try await bench.store.verifications(since: bench.noon + .seconds(2), limit: 10)
            try expect(all.map(\.id), is: [2, 3, 4].map { bench.id($0) }, "since")
            let two = try await bench.store.verifications(since: bench.noon, limit: 2)
            try expect(two.map(\.id), is: [3, 4].map { bench.id($0) }, "limit")
        },
        Check("what has been decided before is the answer, and nothing is sent") { bench in
            var limits = SendLimits()
            limits.decided = SendRefusal(.conversion, retryAfter: .seconds(9), "No.")
            let refused = try await bench.open(bench.new(1), limits: limits)
            try expect(bench.refusal(refused)?.rule, is: .conversion, "rule")
            try expect(bench.store.depth[.otp], is: 0, "SMS")
            let first = try await bench.opened(bench.new(2))
            guard case .pending(let pending) = try await bench.open(bench.new(3), limits: limits) else {
                throw ConformanceFailure(description: "what is pending was refused")
            }
            try expect(pending, is: first, "pending")
        },
        Check("what is old is forgotten, the oldest first, and limits forget it as well") { bench in
            var limits = SendLimits()
            limits.intervals = []
            limits.phoneHour = 10
            limits.phoneDay = 20
            for number in 0..<10 {
                let now = bench.noon + .seconds(number < 5 ? number : 55 + number)
                _ = try await bench.opened(bench.new(UInt8(number), purpose: "\(number)"), limits: limits, at: now)
            }
            // What is younger than a day still counts.
            let early = try await bench.store.pruneVerifications(
                before: bench.noon + .seconds(100),
                limit: 100,
                at: bench.noon + .seconds(1_000)
            )
            try expect(early, is: 0, "too early")
            let day = bench.noon + .seconds(86_405)
            let first = try await bench.store.pruneVerifications(before: bench.noon + .seconds(3), limit: 2, at: day)
            try expect(first, is: 2, "limit")
            try expect(try await bench.store.verification(bench.id(1)), is: nil, "old")
            _ = try demand(try await bench.store.verification(bench.id(2)), "too much went")
            for _ in 0..<20 {
                _ = try await bench.store.pruneVerifications(before: bench.noon + .seconds(3), limit: 2, at: day)
            }
            try expect(try await bench.store.verification(bench.id(2)), is: nil, "old as well")
            _ = try demand(try await bench.store.verification(bench.id(3)), "kept")
            limits.phoneHour = 5
            let refused = try await bench.open(
                bench.new(20, purpose: "20"),
                limits: limits,
                at: bench.noon + .seconds(70)
            )
            try expect(bench.refusal(refused)?.rule, is: .phoneHour, "still counted")
        },
    ]
}
