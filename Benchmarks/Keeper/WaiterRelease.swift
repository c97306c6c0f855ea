import Eskiz
import Logging
import Synchronization

/// What a renewal costs those who wait for it: from the moment at which the credential answer arrives to the moment at
/// which the last of many callers holds the new token.
///
/// Nothing is sent, so nothing but the release is measured.
struct WaiterRelease {
    let callers: Int

    /// Runs it once.
    func measure() async throws -> Duration {
        let provider = Provider()
        let keeper = TokenKeeper(provider: provider)
        await provider.holdRenewals()
        // A token past its first 401: everybody who asks from now on has to wait.
        let (_, stamp) = try await keeper.token(deadline: .max)
        keeper.noteRejection(of: stamp)
        let progress = Progress()
        let (released, last) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        let clock = ContinuousClock()
        // Tasks of their own: leaving a task group takes the longer the more are in it. They are held, because a caller that
        // has its token goes on with it; what it costs to bury ten thousand tasks is not the keeper's.
        let tasks = (0..<callers).map { _ in
            Task {
                progress.asking.add(1, ordering: .relaxed)
                let (_, stamp) = try await keeper.token(deadline: .max)
                precondition(stamp.generation == 2, "every caller gets the new token")
                if progress.holding.add(1, ordering: .relaxed).newValue == callers {
                    last.yield(clock.now)
                    last.finish()
                }
            }
        }
        while progress.asking.load(ordering: .relaxed) < callers { try await Task.sleep(for: .milliseconds(10)) }
        // The last ones have asked, and are about to be parked.
        try await Task.sleep(for: .milliseconds(300))
        await provider.releaseRenewals()
        var lastReleased: ContinuousClock.Instant?
        for await moment in released { lastReleased = moment }
        withExtendedLifetime(tasks) {}
        guard let lastReleased, let answered = await provider.renewalAnsweredAt else { throw NothingAnswered() }
        return lastReleased - answered
    }

    private final class Progress: Sendable {
        let asking = Atomic<Int>(0)
        let holding = Atomic<Int>(0)
    }

    struct NothingAnswered: Error {}
}

extension TokenKeeper {
    /// A keeper that starts from the first token of a provider in memory.
    convenience init(provider: Provider) {
        self.init(
            credentials: CredentialSource(seed: BearerToken(Provider.token(1)), login: { nil }),
            authority: TokenAuthority(transport: provider, baseURL: .eskiz, timeout: .seconds(30)),
            store: MemoryTokenStore(),
            policy: .default,
            origin: BaseURL.eskiz.absoluteString,
            clock: SystemKeeperClock(),
            randomSeed: 1,
            hostSalt: 1,
            observer: KeeperObserver(logger: Logger(label: "eskiz") { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
