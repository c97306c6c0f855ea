import AllocationCount
import Dispatch
import Eskiz
import Foundation
import Logging

/// What the token keeper costs, measured through the client with a network in memory.
///
/// Prints `name|value|unit` lines.
@main
struct KeeperBenchmarks {
    static func main() async throws {
        try await sendsWithoutNetwork()
        try await renewalWithWaiters(10_000)
        try await waiterRelease(10_000)
        try await freshReads()
    }

    /// Reading a token that needs no renewal, from threads of their own: more of them than cores, too.
    private static func freshReads() async throws {
        let keeper = TokenKeeper(provider: Provider())
        _ = try await keeper.token(deadline: .max)
        let reads = 5_000_000
        let before = allocation_count()
        var sum: UInt64 = 0
        for _ in 0..<reads { sum &+= keeper.freshToken()?.generation ?? 0 }
        precondition(sum == UInt64(reads), "every read must find the token")
        report("Allocations of a million reads", Double(allocation_count() - before) / Double(reads) * 1e6, "")
        for threads in [1, 2, 4, 8, 16] {
            let group = DispatchGroup()
            let clock = ContinuousClock()
            let start = clock.now
            for _ in 0..<threads {
                group.enter()
                Thread.detachNewThread {
                    var sum: UInt64 = 0
                    for _ in 0..<reads { sum &+= keeper.freshToken()?.generation ?? 0 }
                    precondition(sum == UInt64(reads), "every read must find the token")
                    group.leave()
                }
            }
            await withCheckedContinuation { continuation in group.notify(queue: .global()) { continuation.resume() } }
            let busy = min(threads, ProcessInfo.processInfo.activeProcessorCount)
            let time = (clock.now - start) / .nanoseconds(1) * Double(busy) / Double(threads * reads)
            report("Reading a fresh token, \(threads) thread\(threads == 1 ? "" : "s")", time, "ns")
        }
    }

    /// Everything the client does for a send: number, form, token, outcome, answer.
    ///
    /// That is what a send costs beside the network.
    private static func sendsWithoutNetwork() async throws {
        let provider = Provider()
        await provider.accept(Provider.token(1))
        let client = try client(of: provider)
        let sends = 100_000
        for _ in 0..<sends / 10 { _ = try await client.send("Salom", to: "998901234567") }
        let allocations = allocation_count()
        let time = try await ContinuousClock().measure {
            for _ in 0..<sends { _ = try await client.send("Salom", to: "998901234567") }
        }
        report("One send without the network", time / .microseconds(1) / Double(sends), "µs")
        report("Allocations of that send", Double(allocation_count() - allocations) / Double(sends), "")
        await client.shutdown()
    }

    /// The token dies under that many callers; the renewal is held back until all of them wait for it.
    private static func renewalWithWaiters(_ callers: Int) async throws {
        let provider = Provider()
        let client = try client(of: provider)
        await provider.holdRenewals()
        let sends = (0..<callers).map { _ in
            // Tasks of their own: leaving a task group takes the longer the more are in it.
            Task { _ = try await client.send("Salom", to: "998901234567") }
        }
        // Until nobody has come to the network for a while: they all wait, before their first attempt or after it.
        var seen = -1
        while await provider.requests != seen {
            seen = await provider.requests
            try await Task.sleep(for: .milliseconds(300))
        }
        let clock = ContinuousClock()
        let released = clock.now
        await provider.releaseRenewals()
        for send in sends { try await send.value }
        let time = clock.now - released
        report("Logins and refreshes for \(callers) callers", Double(await provider.renewals), "")
        report("All \(callers) sent, after the new token came", time / .milliseconds(1), "ms")
        await client.shutdown()
    }

    /// The same wait without any sends.
    private static func waiterRelease(_ callers: Int) async throws {
        let time = try await WaiterRelease(callers: callers).measure()
        report("All \(callers) callers released, after the new token came", time / .milliseconds(1), "ms")
    }

    private static func client(of provider: Provider) throws -> EskizClient {
        var logger = Logger(label: "eskiz")
        logger.logLevel = .critical
        let configuration = try EskizConfiguration(
            token: Provider.token(1),
            email: "bench@example.test",
            password: "bench-key",
            stateDirectory: nil
        )
        return try EskizClient(configuration: configuration, transport: provider, logger: logger)
    }

    private static func report(_ name: String, _ value: Double, _ unit: String) {
        print("\(name)|\(value)|\(unit)")
    }
}
