/// How an unknown outcome was settled, for logs and metrics.
package enum UnknownResolution: String, Sendable, CaseIterable {
    /// Eskiz's list has it.
    case found
    case sentAgain = "sent_again"
    case notSent = "not_sent"
    case expired
    case forGood = "for_good"
}
