import EskizPostgres
import EskizQueue
import EskizText
import EskizVerify
import Testing

/// Codes at three gateways on one database: limits and counters are those of one.
struct FleetVerificationTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func withThree(_ body: ([PostgresMessageStore]) async throws -> Void) async throws {
        let database = try await StoreDatabase.make()
        var stores: [PostgresMessageStore] = []
        for owner in ["a", "b", "c"] { stores.append(try await database.store(owner)) }
        // Connected, so that the first requests meet.
        for store in stores { try await store.checkWritable() }
        do {
            try await body(stores)
        } catch {
            for store in stores { await store.close() }
            throw error
        }
        for store in stores { await store.close() }
    }

    private func id(_ number: Int) -> VerificationID {
        // Sixteen bytes always are an id.
        VerificationID(bytes: [UInt8](repeating: 0, count: 14) + [UInt8(number / 256), UInt8(number % 256)])!
    }

    private func new(_ number: Int, phone: String, network: String? = nil, cost: Int = 0) -> NewVerification {
        NewVerification(id: id(number), apiKeyID: "k_1", phone: phone, network: network, cost: cost)
    }

    private func open(
        _ store: PostgresMessageStore,
        _ new: NewVerification,
        _ limits: SendLimits = SendLimits()
    ) async throws -> VerificationOpening {
        let message = NewMessage(
            lane: .otp,
            phone: new.phone,
            text: "Kod",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: new.apiKeyID,
            purpose: "verify:" + new.id.text
        )
        return try await store.open(new, message: message, limits: limits, at: now)
    }

    /// What came of many requests at once, each at another gateway than the one before.
    private func openAll(
        _ stores: [PostgresMessageStore],
        _ wanted: [NewVerification],
        _ limits: SendLimits = SendLimits()
    ) async throws -> [VerificationOpening] {
        try await withThrowingTaskGroup(of: VerificationOpening.self) { group in
            for (index, new) in wanted.enumerated() {
                group.addTask { try await open(stores[index % stores.count], new, limits) }
            }
            return try await group.reduce(into: []) { (all: inout [VerificationOpening], one) in all.append(one) }
        }
    }

    private func phone(_ number: Int) -> String { "998\(900_000_000 + number * 10_007)" }

    @Test func `of fifty requests for one phone at three gateways one sends`() async throws {
        try await withThree { stores in
            for store in stores { _ = try await store.takeCheck(.id(id(99)), limits: SendLimits(), at: now) }
            let openings = try await openAll(stores, (0..<50).map { new($0, phone: "998901234567") })
            #expect(openings.count { if case .opened = $0 { true } else { false } } == 1)
            #expect(openings.count { if case .pending = $0 { true } else { false } } == 49)
            #expect(try await stores[0].messages(MessageSearch()).count == 1)
        }
    }

    @Test func `of two hundred wrong codes at three gateways five are compared`() async throws {
        try await withThree { stores in
            _ = try await open(stores[0], new(1, phone: "998901234567"))
            let compared = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let store = stores[index % 3]
                        let target: CheckTarget =
                            index % 2 == 0
                            ? .id(id(1)) : .phone(decoy: new(1_000 + index, phone: "998901234567"))
                        guard
                            case .taken(let check) = try await store.takeCheck(target, limits: SendLimits(), at: now)
                        else { return false }
                        return try await !stores[(index + 1) % 3].finishCheck(check, isRight: false, at: now).isValid
                    }
                }
                return try await group.reduce(into: 0) { (count: inout Int, isCompared) in count += isCompared ? 1 : 0 }
            }
            #expect(compared == 5)
            #expect(try await stores[1].verification(id(1))?.checksAnswered == 5)
        }
    }

    @Test func `of right codes at three gateways one succeeds`() async throws {
        try await withThree { stores in
            _ = try await open(stores[0], new(1, phone: "998901234567"))
            var checks: [TakenCheck] = []
            for store in stores {
                if case .taken(let check) = try await store.takeCheck(.id(id(1)), limits: SendLimits(), at: now) {
                    checks.append(check)
                }
            }
            #expect(checks.count == 3)
            let valid = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (store, check) in zip(stores, checks) {
                    group.addTask { try await store.finishCheck(check, isRight: true, at: now).isValid }
                }
                return try await group.reduce(into: 0) { (count: inout Int, isValid) in count += isValid ? 1 : 0 }
            }
            #expect(valid == 1)
        }
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        var rule: SendRefusal.Rule
        var limits: SendLimits
        /// How many of thirty-six codes are sent.
        var sent: Int
        var testDescription: String { rule.rawValue }
    }

    private static let limits: [Limit] = {
        var key = SendLimits()
        key.keyMinute = 20
        var total = SendLimits()
        total.totalMinute = 17
        var budget = SendLimits()
        budget.budget = 3_300
        var network = SendLimits()
        network.networkHour = 11
        var block = SendLimits()
        block.block = 13
        return [
            Limit(rule: .keyMinute, limits: key, sent: 20), Limit(rule: .totalMinute, limits: total, sent: 17),
            Limit(rule: .budget, limits: budget, sent: 13), Limit(rule: .clientIP, limits: network, sent: 11),
            Limit(rule: .numberBlock, limits: block, sent: 13),
        ]
    }()

    @Test(arguments: limits)
    func `a limit is exact however many gateways there are`(_ limit: Limit) async throws {
        try await withThree { stores in
            let wanted = (0..<36).map { number in
                new(
                    number,
                    phone: limit.rule == .numberBlock ? "99890123\(1_000 + number)" : phone(number),
                    network: limit.rule == .clientIP ? "203.0.113.5" : nil,
                    cost: 250
                )
            }
            let openings = try await openAll(stores, wanted, limit.limits)
            let rules = openings.compactMap { if case .refused(let refusal) = $0 { refusal.rule } else { nil } }
            #expect(Set(rules) == [limit.rule])
            #expect(rules.count == 36 - limit.sent)
            #expect(try await stores[0].messages(MessageSearch(limit: 100)).count == limit.sent)
        }
    }

    @Test func `codes of one phone do not wait for those of another`() async throws {
        let database = try await StoreDatabase.make()
        // However long that takes: who waits is to wait until it is let go.
        var patient = database.database.address
        patient.lockTimeout = .seconds(60)
        patient.statementTimeout = .seconds(60)
        patient.idleInTransactionTimeout = .seconds(60)
        let (one, other) = (PostgresMessageStore(patient, owner: "a"), try await database.store("b"))
        try await one.open()
        let (connection, look) = (PostgresConnection(patient), PostgresConnection(patient))
        // Somebody holds the id that the first is about to take: it waits in the midst of its step.
        try await connection.script("BEGIN")
        try await connection.script(
            """
            INSERT INTO eskiz.verifications (id, api_key_id, phone, purpose, kind, code_length, key_id, epoch, template, language,
            created_at, life, checks, checks_answered, checks_allowed, sends) VALUES ('\\x00000000000000000000000000000001', '', '', '',
            'sms', 6, '', 0, '', '', 0, 1, 0, 0, 5, 0)
            """
        )
        async let first = open(one, new(1, phone: phone(1)))
        var looks = 0
        while try await waiting(look) == 0, looks < 100_000 { looks += 1 }
        #expect(try await waiting(look) == 1)
        guard case .opened = try await open(other, new(2, phone: phone(2))) else {
            Issue.record("not opened")
            return
        }
        #expect(try await waiting(look) == 1)
        try await connection.script("ROLLBACK")
        guard case .opened = try await first else {
            Issue.record("not opened afterwards")
            return
        }
        await connection.close()
        await look.close()
        await one.close()
        await other.close()
    }

    /// How many connections to the database wait for a lock.
    private func waiting(_ connection: PostgresConnection) async throws -> Int64? {
        try await connection.run { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT count(*) AS number FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            ).first?.int("number")
        }
    }

    @Test func `a phone that is suppressed at one gateway gets nothing from any`() async throws {
        try await withThree { stores in
            guard case .opened = try await open(stores[0], new(1, phone: "998901234567")) else { return }
            let entry = Suppression(phone: "998901234567", scope: .all, reason: "", addedAt: now, addedBy: "desk")
            _ = try await stores[0].suppress([entry])
            let request = ClaimRequest(
                owner: "b",
                leaseUntil: now + .seconds(6),
                shares: [.init(.otp, 9)],
                limit: 9
            )
            let claims = try await stores[1].claim(request, at: now)
            #expect(claims.claims.isEmpty)
            #expect(claims.expired.map(\.statusDetail) == [Suppression.detail])
            var limits = SendLimits()
            limits.intervals = []
            let second = NewVerification(id: id(2), apiKeyID: "k_1", phone: "998901234567", purpose: "pay")
            #expect(try await open(stores[2], second, limits) == .refused(.suppressed))
        }
    }
}
