import NIOConcurrencyHelpers

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps the rules behind one lock and hands their consequences on: reports to the courier, a ring to those who wait.
///
/// The lock is NIO's: `Mutex` collapses on Linux when threads outnumber cores. It is held for plain arithmetic only.
final class ProviderResponder: Sendable {
    private let provider: NIOLockedValueBox<Provider>
    private let realTime: @Sendable () -> WallTime
    private let reportsContinuation: AsyncStream<CallbackJob>.Continuation
    /// Reports that are due, for one reader.
    let reports: AsyncStream<CallbackJob>
    /// Rung when something is due earlier than the clockwork believes.
    let alarm = Alarm()
    let bell = Bell()
    /// Rung when anything has changed that the pages show.
    let changes = Bell()

    init(configuration: Provider.Configuration, seed: UInt64, realTime: @escaping @Sendable () -> WallTime) {
        self.realTime = realTime
        provider = NIOLockedValueBox(Provider(configuration: configuration, seed: seed, at: realTime()))
        (reports, reportsContinuation) = AsyncStream.makeStream(of: CallbackJob.self)
    }

    static let systemTime: @Sendable () -> WallTime = {
        WallTime(nanoseconds: Int64(Date().timeIntervalSince1970 * 1_000_000) * 1_000)
    }

    /// Runs `body` with the rules to itself.
    ///
    /// The second argument is the true time.
    func withProvider<Result, Failure: Error>(
        _ body: (inout Provider, WallTime) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let time = realTime()
        typealias Outcome = (result: Swift.Result<Result, Failure>, isEarlier: Bool, isChanged: Bool)
        let outcome: Outcome = provider.withLockedValue { provider in
            let (due, revision) = (provider.schedule.nextDue, provider.revision)
            let result: Swift.Result<Result, Failure>
            do throws(Failure) {
                result = .success(try body(&provider, time))
            } catch {
                result = .failure(error)
            }
            // Something is due before everything that the clockwork waits for.
            let isEarlier = provider.schedule.nextDue.map { next in due.map { next < $0 } ?? true } ?? false
            return (result, isEarlier, provider.revision != revision)
        }
        if outcome.isEarlier { alarm.ring() }
        if outcome.isChanged { changes.ring() }
        return try outcome.result.get()
    }

    func receive(_ call: Call) -> Handling {
        let handling = withProvider { $0.receive(call, at: $1) }
        post(handling.reports)
        if handling.hasNewMessages { bell.ring() }
        return handling
    }

    func post(_ reports: [CallbackJob]) {
        for report in reports { reportsContinuation.yield(report) }
    }

    func finishReports() { reportsContinuation.finish() }

    /// Lets happen what is due; gives back the pause until the next event, or nil when there is none.
    func tick() -> Duration? {
        let (due, pause) = withProvider { provider, time -> ([CallbackJob], Duration?) in
            let reports = provider.advance(to: time)
            return (reports, provider.schedule.nextDue.map { provider.real($0) - time })
        }
        post(due)
        return pause
    }

    /// The provider's time, for the `Date` header.
    var httpDate: String { withProvider { provider, time in provider.now(time).httpDate } }
}
