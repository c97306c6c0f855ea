import Synchronization

/// How far Eskiz's clock is from ours, learnt from the `Date` of its answers.
///
/// Pure. `Date` has whole seconds, and an answer takes time, so each answer only says between which bounds the offset lies.
/// The value is the median of the middles of the narrowest: one wrong date changes nothing, and several in a row that agree
/// with each other and not with the value are a step of one of the two clocks.
///
/// ```swift
/// var clock = ProviderClock()
/// clock.note(date: 1_800_000_150, sentAt: sent, receivedAt: received)
/// clock.reading  // .known(.seconds(150)): Eskiz is two and a half minutes ahead
/// ```
package struct ProviderClock: Sendable {
    /// What is known about the offset: Eskiz's wall clock minus ours.
    package enum Reading: Sendable, Hashable {
        /// Eskiz has not told the time.
        case unknown
        /// The last answers disagree with those before: one of the clocks is being changed.
        case jumping
        case known(Duration)

        package var offset: Duration? { if case .known(let offset) = self { offset } else { nil } }
    }

    private struct Sample: Sendable {
        /// Milliseconds.
        var low: Int64
        var high: Int64
        var middle: Int64 { low + (high - low) / 2 }
        var width: Int64 { high - low }
    }

    /// A former value, and when it was the last time in force.
    private struct Former: Sendable {
        var offset: Int64
        var until: Int64
    }

    private static let sampleLimit = 16
    /// An answer that took longer than this says too little, unless there is nothing better.
    private static let usefulWidth: Int64 = 11_000
    /// What two clocks that run evenly may differ by between answers.
    private static let tolerance: Int64 = 2_000
    private static let absurd: Int64 = 100 * 366 * 86_400_000
    /// So many answers in a row make a new value.
    private static let agreement = 3
    /// Former values are kept as long as an unclear outcome may be looked for, and a little longer.
    private static let memory: Int64 = 48 * 3600 * .nanosecondsPerSecond
    private static let formerLimit = 16

    private var samples: [Sample] = []
    /// The last answers, if they do not agree with the value.
    private var dissent: [Sample] = []
    private var former: [Former] = []

    package init() {}

    package var reading: Reading {
        guard let value else { return .unknown }
        return dissent.isEmpty ? .known(.milliseconds(value)) : .jumping
    }

    /// The smallest and the largest offset that were in force lately: what happened then may be dated by any between them.
    package var range: ClosedRange<Duration> {
        let all = former.map(\.offset) + dissent.map(\.middle) + (value.map { [$0] } ?? [])
        return .milliseconds(all.min() ?? 0) ... .milliseconds(all.max() ?? 0)
    }

    /// Takes an answer into account.
    ///
    /// - Parameters:
    ///   - date: the `Date` of the answer, in seconds since 1970.
    ///   - sentAt: before the request went out.
    ///   - receivedAt: after the answer was read.
    package mutating func note(date: Int64, sentAt: Instant, receivedAt: Instant) {
        let took = max(0, receivedAt.elapsed.subtractingClamped(sentAt.elapsed) / 1_000_000)
        let received = receivedAt.wall / 1_000_000
        let told = date.multipliedClamped(by: 1_000)
        let low = told.subtractingClamped(received)
        // Nobody's clock is a century off: such a date is no date.
        guard low > -Self.absurd, low < Self.absurd, took < Self.absurd else { return }
        let sample = Sample(low: low, high: low.addingClamped(took).addingClamped(1_000))
        former.removeAll { receivedAt.elapsed.subtractingClamped($0.until) > Self.memory }
        guard let value else {
            samples = [sample]
            return
        }
        if sample.low - Self.tolerance <= value, value <= sample.high + Self.tolerance {
            dissent = []
            // What says less than what is known teaches nothing.
            if sample.width <= Self.usefulWidth || samples.allSatisfy({ $0.width > Self.usefulWidth }) {
                if samples.count >= Self.sampleLimit { samples.removeFirst() }
                samples.append(sample)
            }
            return
        }
        if let first = dissent.first,
            sample.low > first.high + Self.tolerance || first.low > sample.high + Self.tolerance
        {
            dissent = []
        }
        dissent.append(sample)
        guard dissent.count >= Self.agreement else { return }
        if former.count >= Self.formerLimit { former.removeFirst() }
        former.append(Former(offset: value, until: receivedAt.elapsed))
        samples = dissent
        dissent = []
    }

    /// Milliseconds.
    private var value: Int64? {
        guard !samples.isEmpty else { return nil }
        let best = samples.sorted { $0.width < $1.width }.prefix(max(1, (samples.count + 1) / 2))
        let middles = best.map(\.middle).sorted()
        return middles[middles.count / 2]
    }
}

/// Watches Eskiz's clock from all threads.
package final class ProviderClockWatch: Sendable {
    private let state = Mutex(ProviderClock())

    package init() {}

    package var clock: ProviderClock { state.withLock { $0 } }
    package var reading: ProviderClock.Reading { clock.reading }

    func note(_ response: TransportResponse, sentAt: Instant, receivedAt: Instant) {
        guard let date = response.header("date").flatMap({ WireTime.httpDate($0) }) else { return }
        state.withLock { $0.note(date: date, sentAt: sentAt, receivedAt: receivedAt) }
    }
}
