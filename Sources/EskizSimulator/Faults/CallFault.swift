/// What changed the answer that the client of a call saw.
enum CallFault: Sendable, Equatable {
    /// A fault of the plan.
    case scripted(FaultOutcome)
    /// The switch `lost_auth_answer` (M9).
    case lostAnswer(Behaviour.LostAnswer)
    /// The switch `auth_answer` (M10).
    case authAnswer(Behaviour.AuthAnswer)

    /// As the ledger of the control API names it.
    var name: String {
        switch self {
        case .scripted(let outcome): outcome.name
        case .lostAnswer(let answer): "answer lost: \(answer.rawValue)"
        case .authAnswer(let answer): "auth answer \(answer.rawValue)"
        }
    }
}
