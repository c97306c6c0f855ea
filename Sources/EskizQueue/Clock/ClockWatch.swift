import Eskiz
import Synchronization

/// What this process knows of its clock.
package final class ClockWatch: Sendable {
    /// What the store has noted, as far as is known here.
    package enum Anchor: Sendable, Hashable {
        case unread
        case known(ClockAnchor?)
    }

    private struct State {
        var anchor = Anchor.unread
        var notedAt: Int64 = 0
        var lastStep: (shift: Duration, at: Int64)?
        var isBusy = false
        var isMoving = false
    }

    /// The anchor is noted anew this often: a process that starts after another boot compares the time with it.
    private static let freshness: Duration = .seconds(60)

    private let state = Mutex(State())

    package init() {}

    package var anchor: Anchor { state.withLock { $0.anchor } }

    /// The last step of the clock and when it was noticed, on the elapsed clock; nil if there was none.
    package var lastStep: (shift: Duration, at: Int64)? { state.withLock { $0.lastStep } }

    /// The time is another one already, and the stored moments are not yet: what is read from the store meanwhile cannot
    /// be compared with it.
    package internal(set) var isMoving: Bool {
        get { state.withLock { $0.isMoving } }
        set { state.withLock { $0.isMoving = newValue } }
    }

    /// Begins a look at the clock; false while another one is under way.
    func begin() -> Bool {
        state.withLock { state in
            defer { state.isBusy = true }
            return !state.isBusy
        }
    }

    func end() { state.withLock { $0.isBusy = false } }

    func isKnown(as anchor: ClockAnchor?, at elapsed: Int64) {
        state.withLock { state in
            state.anchor = .known(anchor)
            state.notedAt = elapsed
        }
    }

    func isStale(at elapsed: Int64) -> Bool {
        state.withLock { elapsed.subtractingClamped($0.notedAt) >= Self.freshness.nanoseconds }
    }

    func stepped(by shift: Duration, at elapsed: Int64) {
        state.withLock { $0.lastStep = (shift, elapsed) }
    }
}
