/// Messages that failed within an hour for one reason.
package struct RefusalHour: Sendable, Hashable {
    /// How long they are kept, counted from the newest.
    package static let retention: Duration = .seconds(8 * 86_400)

    /// Whole hours since 1970.
    package var hour: Int64
    /// The code of the error; empty if there was none.
    package var code: String

    package init(hour: Int64, code: String) {
        self.hour = hour
        self.code = code
    }

    /// What a change counts for; nil unless the message failed with it.
    package init?(_ change: MessageChange, of message: Message, at now: Timestamp) {
        guard change.entered.contains(.failed) else { return nil }
        self.init(hour: Self.hour(of: now), code: message.error?.code ?? "")
    }

    package static func hour(of moment: Timestamp) -> Int64 {
        ActivityMinute.minute(of: moment) / 60
    }

    package static var hoursKept: Int64 { ActivityMinute.minutes(in: retention) / 60 }
}
