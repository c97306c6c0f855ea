import EskizText
package import Logging

/// Keys of the queue's log metadata, each written once.
package enum QueueLogKeys {
    package static let messageID = "message.id"
    package static let lane = "lane"
    package static let attempt = "attempt"
    /// The recipient, masked.
    package static let phone = "phone.masked"
    package static let state = "message.state"
    /// How many messages.
    package static let count = "message.count"
    /// How many of them have an unknown outcome.
    package static let unknownCount = "message.unknown"
    /// Eskiz's UUID.
    package static let providerID = "provider.id"
    /// How long the request took, from the claim.
    package static let milliseconds = "duration_ms"
    package static let errorCode = "error.type"
    package static let error = "error"
    /// Why the breaker opened, a `CircuitBreaker.Reason`.
    package static let reason = "breaker.reason"
    package static let breaker = "breaker.state"
    package static let nextTry = "next_try"
    /// Lanes that wait, separated by commas.
    package static let lanes = "lanes"
    /// How long they wait at most before the next try.
    package static let holdSeconds = "hold.seconds"
    /// How far the clock was set, in seconds; negative if it was set back.
    package static let clockStep = "clock.step_seconds"
    /// How many times in a row it was looked for in vain.
    package static let absences = "absences"
    package static let resolution = "resolution"
    /// Eskiz's clock minus ours, in seconds.
    package static let offset = "offset_s"
    /// Where a report came from, a `DeliveryReport.Source`.
    package static let source = "report.source"

    /// What every line about a message has; neither text nor phone in clear.
    package static func of(_ message: Message) -> Logger.Metadata {
        [
            messageID: "\(message.id)",
            lane: "\(message.lane.rawValue)",
            phone: "\((try? PhoneNumber(internationalDigits: message.phone))?.masked ?? "***")",
        ]
    }
}
