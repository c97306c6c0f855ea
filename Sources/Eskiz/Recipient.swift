/// Who a message goes to: the one place where the client turns what people type into what goes on the wire.
struct Recipient {
    /// Digits only, country code first, as Eskiz takes them.
    let digits: String
    /// What logs may show.
    let masked: String

    /// An Uzbek number in any spelling, or a foreign one with its `+`.
    init(_ text: String) throws(EskizError) {
        var digits = String(text.filter { $0.isASCII && $0.isNumber })
        let isClean = text.allSatisfy { ($0.isASCII && $0.isNumber) || " +-()".contains($0) }
        if digits.count == 9 { digits = "998" + digits }
        guard isClean, digits.count == 12, digits.hasPrefix("998") else { throw Self.invalid }
        self.digits = digits
        masked = "+998 \(digits.dropFirst(3).prefix(2)) *** ** \(digits.suffix(2))"
    }

    /// A number abroad, with or without its `+`.
    init(abroad text: String) throws(EskizError) {
        let digits = String(text.filter { $0.isASCII && $0.isNumber })
        guard (8...15).contains(digits.count) else { throw Self.invalid }
        self.digits = digits
        masked = "+*** ** \(digits.suffix(2))"
    }

    private static var invalid: EskizError {
        EskizError(
            .invalidPhone,
            "That is not a phone number.",
            remedy: "Write it like +998 90 123 45 67, 998901234567 or 901234567."
        )
    }
}
