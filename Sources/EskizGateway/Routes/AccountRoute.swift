import Eskiz
import EskizQueue
import HTTPTypes
import Hummingbird
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the account is and has, as Eskiz says.
struct AccountRoute: Sendable {
    let cache: AccountCache

    func add(to reads: RouterGroup<GatewayContext>) {
        reads.get("/v1/account") { try await show($0, $1) }
    }

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.read)
        try QueryParameters(request.uri.query, known: []).check()
        var answer = JSONWriter(capacity: 4_096)
        answer.account(try await cache.overview())
        return .json(answer.bytes)
    }
}

/// Four answers of Eskiz in one.
struct AccountOverview: Sendable {
    var account: EskizClient.Account
    var balance: Decimal
    var senders: [String]
    var prices: Prices
    /// When Eskiz was asked.
    var asOf: Timestamp
}

/// Asks Eskiz at most once a minute, and once for everybody who asks at the same time, at other gateways too.
actor AccountCache {
    private let client: EskizClient
    private let clock: any KeeperClock
    /// Where the gateways of a fleet leave what one of them was answered; nil for one alone.
    private let fleet: (any SharedAnswers)?
    private var known: AccountOverview?
    private var askAgainAt = Timestamp(milliseconds: .min)
    private var flight: Task<AccountOverview, any Error>?
    private let board = Mutex<Prices?>(nil)

    /// A balance that is a minute old is good enough for a page, and four calls for each look would not be.
    private static let freshness: Duration = .seconds(60)
    /// What it is called where gateways share it.
    private static let name = "account"
    /// Whoever asks for all and says nothing for so long has died.
    private static let patience: Duration = .seconds(15)
    /// How often a gateway looks whether another one has been answered, and how many times.
    private static let look: (pause: Duration, count: Int) = (.milliseconds(200), 75)

    init(client: EskizClient, clock: any KeeperClock, fleet: (any SharedAnswers)? = nil) {
        self.client = client
        self.clock = clock
        self.fleet = fleet
    }

    /// What Eskiz said last, at once; asks anew meanwhile if that is old.
    ///
    /// For a page, which must not wait for Eskiz. Nil until Eskiz has answered for the first time.
    func latest() -> AccountOverview? {
        let now = clock.timestamp
        let isFresh = known.map { now >= $0.asOf && now - $0.asOf < Self.freshness } ?? false
        if !isFresh, flight == nil, now >= askAgainAt {
            // Not at every look, where Eskiz does not answer.
            askAgainAt = now + Self.freshness
            Task { _ = try? await overview() }
        }
        return known
    }

    /// The prices that Eskiz told last, for whoever cannot wait at all; nil until it has.
    nonisolated func prices() -> Prices? {
        Task { _ = await latest() }
        return board.withLock { $0 }
    }

    func overview() async throws -> AccountOverview {
        let now = clock.timestamp
        if let known, now >= known.asOf, now - known.asOf < Self.freshness { return known }
        if let flight { return try await flight.value }
        // Unstructured, because it is shared: whoever gives up waiting must not take the answer from the others.
        let flight = Task { try await askOnce(at: now) }
        self.flight = flight
        defer { self.flight = nil }
        let overview = try await flight.value
        known = overview
        board.withLock { $0 = overview.prices }
        return overview
    }

    /// Asks, unless another gateway has just asked or is asking.
    private func askOnce(at now: Timestamp) async throws -> AccountOverview {
        guard let fleet else { return try await ask(at: now) }
        for _ in 0..<Self.look.count {
            // A store that cannot be asked keeps nobody from asking Eskiz.
            guard
                let answer = try? await fleet.sharedAnswer(
                    to: Self.name,
                    freshness: Self.freshness,
                    patience: Self.patience
                )
            else { break }
            if answer.isOurTurn { return try await askForAll(fleet, at: now) }
            if let document = answer.document, answer.age < Self.freshness {
                // What a later version has written says nothing to this one.
                guard let overview = AccountOverview(document, asOf: clock.timestamp - answer.age) else { break }
                return overview
            }
            try await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(Self.look.pause.nanoseconds))
        }
        return try await ask(at: now)
    }

    private func askForAll(_ fleet: any SharedAnswers, at now: Timestamp) async throws -> AccountOverview {
        do {
            let overview = try await ask(at: now)
            try? await fleet.share(overview.document, as: Self.name)
            return overview
        } catch {
            try? await fleet.share(nil, as: Self.name)
            throw error
        }
    }

    private func ask(at now: Timestamp) async throws -> AccountOverview {
        async let account = client.account()
        async let balance = client.balance()
        async let senders = client.senders()
        async let prices = client.prices()
        return try await AccountOverview(
            account: account,
            balance: balance,
            senders: senders,
            prices: prices,
            asOf: now
        )
    }
}

extension JSONWriter {
    mutating func account(_ overview: AccountOverview) {
        object { answer in
            answer.member("as_of", overview.asOf)
            answer.member("currency", "UZS")
            answer.nullableNumber("balance", overview.balance.description)
            answer.nullable("name", overview.account.name)
            answer.nullable("role", overview.account.role)
            answer.nullable("status", overview.account.status)
            answer.name("senders")
            answer.array(overview.senders) { $0.string($1) }
            answer.name("prices")
            answer.object { answer in
                answer.name("local")
                answer.array(overview.prices.local) { answer, price in
                    answer.object { answer in
                        answer.nullableNumber("operator_id", price.operatorID.map { String($0) })
                        answer.nullable("name", price.name)
                        answer.nullableNumber("price", price.price?.description)
                        answer.nullableNumber("advertising_price", price.advertisingPrice?.description)
                    }
                }
                answer.name("global")
                answer.array(overview.prices.global) { answer, price in
                    answer.object { answer in
                        answer.nullable("country", price.code)
                        answer.nullable("name", price.name)
                        answer.nullable("prefix", price.prefix)
                        answer.nullable("status", price.status)
                        answer.nullableNumber("price", price.price?.description)
                    }
                }
            }
        }
    }
}
