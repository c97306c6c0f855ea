package import Eskiz

/// Which span of Eskiz's list to look at for what happened between two moments of ours.
///
/// Pure. The list is asked for by Eskiz's clock, so the span is shifted by how far that is from ours, or was lately, and made
/// generous: rows are told apart by number, and the search ends with the page that has all of them.
package struct ListWindow: Sendable, Hashable {
    package static let slack: Duration = .seconds(15 * 60)

    /// By Eskiz's clock.
    package var start: Timestamp
    package var end: Timestamp

    /// - Parameters:
    ///   - first: when it began, by the queue's clock.
    ///   - last: when it ended, by the same.
    ///   - clock: how far Eskiz's clock is from the machine's.
    ///   - ahead: how far the machine's clock is ahead of the queue's, which is the database's in a fleet.
    package init(from first: Timestamp, to last: Timestamp, by clock: ProviderClock, ahead: Duration = .zero) {
        let range = clock.range
        // Our own clock may have been set back since.
        start = min(first, last) + ahead + range.lowerBound - Self.slack
        end = max(first, last) + ahead + range.upperBound + Self.slack
    }

    /// Whether nothing of another window lies more than the slack outside of this one.
    package func covers(_ other: Self) -> Bool {
        start - Self.slack <= other.start && other.end <= end + Self.slack
    }
}
