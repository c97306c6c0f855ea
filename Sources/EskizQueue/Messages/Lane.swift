/// How urgent a message is.
package enum Lane: String, CaseIterable, Sendable, Hashable, Codable {
    /// One-time codes: first, with capacity that nobody else may use, and short-lived.
    case otp
    /// What somebody is waiting for, but not within seconds: receipts, notices.
    case transactional
    /// Mailings.
    case bulk

    /// The order in which lanes are served; smaller is first.
    package var rank: Int {
        switch self {
        case .otp: 0
        case .transactional: 1
        case .bulk: 2
        }
    }
}
