/// Why no code was sent: nothing was sent, nothing was paid, nothing was counted.
package struct SendRefusal: Error, Sendable, Hashable {
    /// A limit, by the name that the API gives it.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The wait between two SMS to one phone.
        case phoneInterval = "phone_interval"
        case phoneHour = "phone_hour"
        case phoneDay = "phone_day"
        /// Too many wrong codes for this phone.
        case phoneFailures = "phone_failures"
        /// Too many SMS to numbers that differ in their last four digits only.
        case numberBlock = "number_block"
        case clientIP = "client_ip"
        /// Soʻm a day for one API key.
        case budget
        case keyMinute = "key_minute"
        case totalMinute = "total_minute"
        /// The phone is of a country to which no codes are sent.
        case country
        /// An operator's page says that this prefix gets nothing.
        case prefix
        /// The phone is on the list of those that get nothing.
        case suppressed
        /// Codes to such phones are hardly ever entered: somebody earns money by having them sent.
        case conversion

        /// Whether waiting does not help by itself: 403 `blocked` rather than 429 `too_many_sends`.
        package var isBlock: Bool {
            switch self {
            case .country, .prefix, .suppressed, .conversion: true
            default: false
            }
        }

        /// Whether it is about the phone alone.
        package var isOfPhone: Bool {
            switch self {
            case .phoneInterval, .phoneHour, .phoneDay: true
            default: false
            }
        }
    }

    package var rule: Rule
    /// When it is worth asking again.
    package var retryAfter: Duration
    /// One English sentence with the rule's numbers and without the phone.
    package var detail: String

    package init(_ rule: Rule, retryAfter: Duration, _ detail: String) {
        self.rule = rule
        self.retryAfter = retryAfter
        self.detail = detail
    }
}

extension SendRefusal {
    package static let suppressed = SendRefusal(
        .suppressed,
        retryAfter: .seconds(86_400),
        "This phone is on the list of those that get nothing."
    )
}
