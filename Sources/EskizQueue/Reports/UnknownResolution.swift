/// How an unknown outcome was settled, for logs and metrics.
package enum UnknownResolution: String, Sendable, CaseIterable {
    /// Eskiz's list has it.
    case found
    case sentAgain = "sent_again"
    case notSent = "not_sent"
    case expired
    /// It cannot be found out: a person has to decide.
    case forGood = "for_good"
}
