/// What codes are made, sent and checked by.
package struct VerifyConfiguration: Sendable {
    package var templates: CodeTemplates
    package var testNumbers = TestNumbers()
    package var limits = SendLimits()
    /// Whether codes that are hardly ever entered are refused, or only reported.
    package var guardMode = ConversionGuard.Mode.watch
    /// How long a code is good from the moment in which Eskiz took its SMS.
    package var life: Duration = .seconds(300)
    package var checksAllowed = 5
    /// The answer to a check leaves at the next multiple of this since it came, so that its time says nothing of what was
    /// done for it; zero for at once.
    package var checkStep: Duration = .zero
    /// Soʻm that one segment counts for in the budget.
    package var segmentPrice = 250
    /// Countries to which codes are sent, by their calling codes.
    package var countries: Set<Int> = [998]
    /// The sender ID.
    package var sender: String
    /// Whether Uzbek Latin is rewritten so that it costs less.
    package var normalizes = true
    /// How long a verification can be looked at after it began.
    package var retention: Duration = .seconds(2 * 86_400)

    package static let lives: ClosedRange<Duration> = .seconds(30)...(.seconds(86_400))
    package static let defaultLength = 6
    /// Longer than a check takes as a rule, and not long to wait for.
    package static let ordinaryCheckStep: Duration = .milliseconds(4)

    package init(templates: CodeTemplates, sender: String) {
        self.templates = templates
        self.sender = sender
    }
}
