import EskizText

/// Who a message goes to: the one place where the client turns what people type into what goes on the wire.
struct Recipient {
    /// Digits only, country code first, as Eskiz takes them.
    let digits: String
    /// What logs may show.
    var masked: String { number.masked }

    /// The country's two letters, where the number says it.
    var region: String? { number.region }

    private let number: PhoneNumber

    /// An Uzbek number in any spelling.
    init(_ text: String) throws(EskizError) {
        let number = try Self.number { () throws(PhoneNumberError) in try PhoneNumber(text) }
        guard number.isUzbek else {
            throw EskizError(
                .invalidPhone,
                "This is a number abroad.",
                remedy: "Send it with sendGlobal."
            )
        }
        self.init(number)
    }

    /// A number abroad, with or without its `+`.
    init(abroad text: String) throws(EskizError) {
        self.init(try Self.number { () throws(PhoneNumberError) in try PhoneNumber(internationalDigits: text) })
    }

    private init(_ number: PhoneNumber) {
        digits = number.digits
        self.number = number
    }

    private static func number(_ read: () throws(PhoneNumberError) -> PhoneNumber) throws(EskizError) -> PhoneNumber {
        do {
            return try read()
        } catch {
            // Says what is wrong and how to write it, without the number.
            throw EskizError(.invalidPhone, Sentence(verbatim: error.description), remedy: "", cause: error)
        }
    }
}
