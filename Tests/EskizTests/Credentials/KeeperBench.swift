import Eskiz
import EskizTestSupport
import EskizTesting
import Foundation
import Logging
import Synchronization

/// Tokens that look like those of Eskiz.
enum SampleToken {
    /// A JWT of the account 42; different serials give different tokens.
    static func jwt(_ serial: Int, issued: Int64 = 1_800_000_000, life: Int64 = 2_592_000) -> String {
        jwt(claims: #"{"exp":\#(issued + life),"iat":\#(issued),"sign":"\#(serial)","sub":"42"}"#)
    }

    static func jwt(claims: String) -> String { UnsignedToken.text(claims: claims) }
}

/// A keeper between a scripted Eskiz, a manual clock and a store.
///
/// It starts with token 1, its nth credential call brings token n + 1, so generation and serial are the same number.
struct KeeperBench {
    let transport: ScriptedTransport
    let clock: ManualClock
    let events = KeeperEvents()
    let log = RecordedLog()
    let store: any TokenStore
    let keeper: TokenKeeper

    static let life: Duration = .seconds(2_592_000)
    /// Later than any early window begins, and long before the end.
    static let untilDue: Duration = .seconds(2_592_000 * 3 / 4)

    init(
        transport: ScriptedTransport = ScriptedTransport(),
        clock: ManualClock = ManualClock(),
        store: any TokenStore = MemoryTokenStore(),
        seed: String? = SampleToken.jwt(1),
        hasLogin: Bool = true,
        email: String = "demo@example.test",
        policy: RenewalPolicy = .default,
        keeperClock: (any KeeperClock)? = nil,
        asked: @escaping @Sendable () -> Void = {},
        heard: @escaping @Sendable (KeeperEvent) -> Void = { _ in }
    ) throws {
        self.transport = transport
        self.clock = clock
        self.store = store
        let events = events
        keeper = TokenKeeper(
            credentials: CredentialSource(seed: seed.flatMap { BearerToken($0) }) {
                asked()
                return hasLogin ? LoginCredentials(email: email, password: Redacted("demo-key")) : nil
            },
            authority: TokenAuthority(transport: transport, baseURL: try Self.baseURL, timeout: .seconds(30)),
            store: store,
            policy: policy,
            origin: try Self.baseURL.absoluteString,
            clock: keeperClock ?? clock,
            randomSeed: 7,
            hostSalt: 7,
            observer: KeeperObserver(logger: log.logger) { event in
                heard(event)
                events.record(event)
            }
        )
    }

    static var baseURL: BaseURL {
        get throws { try BaseURL("https://notify.eskiz.uz/api") }
    }

    var pipeline: RequestPipeline {
        get throws { try pipeline(resendTrigger: .any401) }
    }

    func pipeline(resendTrigger: ResendTrigger) throws -> RequestPipeline {
        RequestPipeline(
            keeper: keeper,
            transport: transport,
            baseURL: try Self.baseURL,
            timeout: .seconds(30),
            clock: clock,
            resendTrigger: resendTrigger
        )
    }

    /// An answer with a token whose serial is one more than that of the token it was asked with.
    static func next(on clock: ManualClock, heldBy gate: Gate? = nil) -> ScriptedTransport.Step {
        let step = ScriptedTransport.Step.compute { request in
            let serial = request.token.flatMap { BearerToken($0) }.flatMap { Self.serial(of: $0) }
            let issued = clock.now().wall / 1_000_000_000
            let token = SampleToken.jwt((serial ?? 0) + 1, issued: issued)
            let body = #"{"message":"token_refreshed","data":{"token":"\#(token)"},"token_type":"bearer"}"#
            return .success(TransportResponse(status: 200, body: Array(body.utf8)))
        }
        return gate.map { step.held(by: $0) } ?? step
    }

    /// The number a sample token was made with.
    static func serial(of token: BearerToken) -> Int? {
        let parts = token.raw.reveal().split(separator: ".")
        guard parts.count == 3, let payload = Data(base64URL: parts[1]) else { return nil }
        struct Claims: Decodable { let sign: String }
        return (try? JSONDecoder().decode(Claims.self, from: payload)).flatMap { Int($0.sign) }
    }

    /// Login and refresh calls so far.
    var credentialCalls: Int { transport.requests.count { $0.path.contains("/auth/") } }

    /// The token that the keeper hands out now.
    func token() async throws -> (token: BearerToken, stamp: RenewalMachine.Stamp) {
        let (token, stamp) = try await keeper.token(deadline: .max)
        return (token, stamp)
    }

    /// A token after a 401 on the one with this stamp.
    func tokenAfterRejection(of stamp: RenewalMachine.Stamp) async throws -> BearerToken {
        try await keeper.tokenAfterRejection(of: stamp, deadline: .max, hasRetriedYoung: true).token
    }
}

/// What a keeper said, to be counted and waited for.
final class KeeperEvents: Sendable {
    private struct Watcher {
        var count: Int
        var matches: @Sendable (KeeperEvent) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: [KeeperEvent] = []
        var watchers: [Int: Watcher] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    func record(_ event: KeeperEvent) {
        let told = state.withLock { state in
            state.events.append(event)
            let events = state.events
            let told = state.watchers.filter { events.count(where: $0.value.matches) >= $0.value.count }
            for id in told.keys { state.watchers[id] = nil }
            return told.values.map(\.continuation)
        }
        for continuation in told { continuation.resume() }
    }

    func count(_ matches: (KeeperEvent) -> Bool) -> Int {
        state.withLock { $0.events.count(where: matches) }
    }

    /// Returns when so many matching events have come, or when the task is cancelled.
    func reach(_ count: Int, _ matches: @escaping @Sendable (KeeperEvent) -> Bool) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if Task.isCancelled || state.events.count(where: matches) >= count { return true }
                    state.watchers[id] = Watcher(count: count, matches: matches, continuation: continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}

/// Keeps count, from wherever it is told.
final class Tally: Sendable {
    private let state = Mutex<[String]>([])

    var names: [String] { state.withLock { $0 } }
    var count: Int { names.count }

    func add(_ name: String = "") {
        state.withLock { $0.append(name) }
    }
}

/// Counts up to a number and tells when it is reached.
final class Countdown: Sendable {
    private let state: Mutex<(left: Int, watcher: CheckedContinuation<Void, Never>?)>

    init(_ count: Int) {
        state = Mutex((count, nil))
    }

    func step() {
        let watcher = state.withLock { state in
            state.left -= 1
            return state.left == 0 ? state.watcher : nil
        }
        watcher?.resume()
    }

    func reached() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.left <= 0 { return true }
                state.watcher = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

/// A folder that is gone afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "eskiz-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path(percentEncoded: false))
}
