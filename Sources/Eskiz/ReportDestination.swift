/// Where Eskiz posts the delivery reports of a message.
///
/// ```swift
/// try await eskiz.send("Salom", to: "+998901234567", callbackURL: "https://example.test/hook")
/// try await eskiz.send("Salom", to: "+998901234567", callbackURL: .none)
/// ```
public enum ReportDestination: Sendable, Hashable, ExpressibleByStringLiteral {
    /// Where ``EskizConfiguration/callbackURL`` says; nowhere if it says nothing.
    case configured
    /// Nowhere, whatever the configuration says.
    case none
    /// There. Eskiz posts to `http` and `https` only.
    case url(String)

    /// ``url(_:)``.
    public init(stringLiteral value: String) { self = .url(value) }

    /// The address as Eskiz gets it, or nil for none.
    func checked(_ configuration: EskizConfiguration) throws(EskizError) -> String? {
        let address: String? =
            switch self {
            case .configured: configuration.callbackURL
            case .none: nil
            case .url(let url): url
            }
        guard let address else { return nil }
        if let reason = CallbackURL.problem(address) {
            throw .badArgument(
                "The callback URL cannot be used: \(reason).",
                remedy: "Give something like https://example.test/hook."
            )
        }
        return address
    }
}
