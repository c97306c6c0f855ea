import ArgumentParser
import EskizText

/// Whether numbers that the user did not type are shown.
struct PrivacyFlags: ParsableArguments {
    @Flag(help: .text(.unmask))
    var unmask = false
}

/// A number as it may be shown to anybody.
enum MaskedPhone {
    static func of(_ digits: String) -> String {
        if let phone = try? PhoneNumber(digits) { return phone.masked }
        // Already masked by Eskiz, or a number that we cannot read: the ends are enough to recognise it.
        guard digits.count > 6 else { return String(repeating: "*", count: digits.count) }
        return digits.prefix(4) + String(repeating: "*", count: digits.count - 6) + digits.suffix(2)
    }
}
