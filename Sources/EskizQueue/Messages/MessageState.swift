/// Where a message is in its life (design §5).
///
/// ```
/// scheduled ─► queued ─► sending ─► submitted ─► delivered
///     │           │          │           └─────► undelivered
///     │           │          ├─► unknown ─► submitted │ queued │ unknown for good
///     │           │          └─► failed
///     ├───────────┼─► expired
///     └───────────┴─► cancelled
/// ```
package enum MessageState: String, CaseIterable, Sendable, Hashable, Codable {
    /// Its time has not come.
    case scheduled
    /// Waits to be sent, for the first time or again.
    case queued
    /// A dispatcher has it.
    case sending
    /// It is not known whether Eskiz took it.
    case unknown
    /// Eskiz took it.
    case submitted
    /// The operator says it is on the phone.
    case delivered
    /// The operator says it will not be.
    case undelivered
    /// Refused, certainly not taken, and not to be tried again.
    case failed
    /// Its time passed before it was sent.
    case expired
    /// Taken back before it was sent.
    case cancelled

    /// States from which no way leads on.
    ///
    /// An `unknown` may be settled for good too: that is said by `Message.finalAt`, not by the state.
    package var isFinal: Bool {
        switch self {
        case .delivered, .undelivered, .failed, .expired, .cancelled: true
        case .scheduled, .queued, .sending, .unknown, .submitted: false
        }
    }

    /// Whether somebody who waits for the outcome of sending has waited long enough.
    package var isSubmittedOrFinal: Bool {
        self == .submitted || isFinal
    }

    /// The states that may follow.
    ///
    /// What waits to be sent again may turn out to have been taken the first time: a late answer or a report says so.
    /// `delivered` after `undelivered` is a correction that some operators make; everything else is one way.
    package var next: Set<MessageState> {
        switch self {
        case .scheduled: [.queued, .expired, .cancelled]
        case .queued: [.sending, .submitted, .delivered, .undelivered, .expired, .cancelled, .failed]
        case .sending: [.queued, .submitted, .unknown, .failed, .expired, .delivered, .undelivered]
        case .unknown: [.submitted, .queued, .failed, .expired, .delivered, .undelivered]
        case .submitted: [.delivered, .undelivered]
        case .undelivered: [.delivered]
        case .delivered, .failed, .expired, .cancelled: []
        }
    }

    package func canBecome(_ state: MessageState) -> Bool {
        next.contains(state)
    }
}
