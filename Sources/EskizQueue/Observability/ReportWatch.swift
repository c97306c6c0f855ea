import Eskiz
import Synchronization

/// Whether Eskiz tells us of deliveries, or only answers when it is asked.
package final class ReportWatch: Sendable {
    package struct State: Sendable, Hashable {
        /// When Eskiz last posted a report to us; nil if it has not since the start.
        package var lastCallback: Timestamp?
        /// News that had to be asked for since then: Eskiz has not told them.
        package var untold = 0

        package init(lastCallback: Timestamp? = nil, untold: Int = 0) {
            self.lastCallback = lastCallback
            self.untold = untold
        }

        /// Notes a report.
        ///
        /// A callback counts whatever it says: that it arrives is what is asked here.
        mutating func note(_ source: DeliveryReport.Source, isNews: Bool, at now: Timestamp) {
            switch source {
            case .callback: self = State(lastCallback: now)
            case .poll where isNews: untold += 1
            case .poll, .list, .operatorAction: break
            }
        }
    }

    private let known = Mutex(State())

    package init() {}

    package var state: State { known.withLock { $0 } }

    func note(_ source: DeliveryReport.Source, _ effect: ReportEffect, at now: Timestamp) {
        let isNews = if case .advanced = effect { true } else { false }
        known.withLock { $0.note(source, isNews: isNews, at: now) }
    }
}
