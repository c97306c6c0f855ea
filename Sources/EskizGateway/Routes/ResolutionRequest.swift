import EskizHTTP
import EskizQueue

/// How a person settles an `unknown`, as a request says it.
struct ResolutionRequest {
    let outcome: ResolutionOutcome
    /// The id that Eskiz gave the message, where the caller knows it.
    let providerID: String?

    /// What a message becomes, by the names of its states.
    static let outcomes: [(name: String, outcome: ResolutionOutcome)] = [
        ("submitted", .submitted), ("failed", .notSent), ("queued", .sendAgain), ("unknown", .unknown),
    ]
    static let providerIDPattern = "^[0-9A-Za-z-]{1,64}$"

    init(_ json: RequestJSON) throws(Problem) {
        var fields = FieldReader(json, known: ["as", "provider_id"])
        let providerID = fields.string("provider_id")
        if let providerID, !ResolutionOutcome.isProviderID(providerID) {
            fields.note("provider_id", "invalid_provider_id", "`provider_id` is the id that Eskiz gave the message.")
        }
        let word = fields.requiredString("as")
        let outcome = Self.outcomes.first { $0.name == word }?.outcome
        if word != nil, outcome == nil {
            let all = Self.outcomes.map(\.name).joined(separator: ", ")
            fields.note("as", "invalid_outcome", "`as` is one of: \(all).")
        }
        guard fields.errors.isEmpty, let outcome else { throw .validation(fields.errors) }
        self.outcome = outcome
        self.providerID = providerID
    }
}
