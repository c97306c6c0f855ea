/// Turns what the simulator was really asked into a story.
///
/// Pure: a call in, a sentence out.
struct DemoStory: Sendable {
    /// A sentence, with a stable name for `--json`.
    struct Step: Sendable, Equatable {
        let name: String
        let phrase: Phrase
        let values: [String: String]
        let tone: Tone
    }

    /// How a sentence feels.
    enum Tone: Sendable, Equatable {
        case plain
        case bad
        case good
    }

    /// A send has met a 401 that no later send has made good.
    private(set) var isHealing = false

    /// The next call of the ledger; nil where there is nothing to tell about it.
    mutating func tell(_ call: SimulatorControl.Call) -> Step? {
        let status = call.status.map(String.init) ?? "–"
        let isGood = (200..<300).contains(call.status ?? 0)
        let values = ["call": call.line, "status": status]
        switch (call.method, call.route) {
        case ("POST", "message/sms/send") where call.status == 401:
            isHealing = true
            return Step(name: "rejected", phrase: .demoRejected, values: values, tone: .bad)
        case ("POST", "message/sms/send"):
            let wasHealing = isHealing
            isHealing = false
            return wasHealing && isGood
                ? Step(name: "sent_again", phrase: .demoSentAgain, values: values, tone: .good)
                : Step(name: "sent", phrase: .demoSent, values: values, tone: isGood ? .good : .bad)
        case ("PATCH", "auth/refresh"):
            return isGood
                ? Step(name: "refreshed", phrase: .demoRefreshAccepted, values: values, tone: .good)
                : Step(name: "refresh_refused", phrase: .demoRefreshRefused, values: values, tone: .bad)
        case ("POST", "auth/login"):
            return isGood
                ? Step(name: "logged_in", phrase: .demoLoggedIn, values: values, tone: .good)
                : Step(name: "login_refused", phrase: .demoLoginRefused, values: values, tone: .bad)
        default:
            return nil
        }
    }
}
