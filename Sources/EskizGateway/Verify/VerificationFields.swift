import EskizHTTP
import EskizQueue
import EskizText
import EskizVerify

/// What a request for a code must be like, in code and in the words of `/openapi.json`.
enum VerificationRules {
    static let createFields: Set<String> = [
        "to", "purpose", "template", "locale", "length", "expires_in", "client_ip", "reference", "webhook_url",
    ]
    static let codePattern = "^[0-9]{4,10}$"
    static let templatePattern = "^[A-Za-z0-9_-]{1,32}$"
    static let localePattern = "^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,2}$"
    /// From 30 seconds to 24 hours.
    static let lifePattern: String = {
        let seconds = "3[0-9]|[4-9][0-9]|[1-9][0-9]{2,3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2}|86400"
        let minutes = "[1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440"
        return "^(?:(?:\(seconds))s|(?:\(minutes))m|(?:[1-9]|1[0-9]|2[0-4])h|1d)$"
    }()
    static let lifeSeconds = 30.0...86_400.0

    static func life(_ text: String) -> Duration? {
        MessageRules.duration(text).flatMap { VerifyConfiguration.lives.contains($0) ? $0 : nil }
    }

    static func isCode(_ text: String) -> Bool {
        CodeDerivation.lengths.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    static func isLocale(_ text: String) -> Bool {
        CodeTemplate.isLanguage(text.replacing("_", with: "-"))
    }
}

/// Reads what `POST /v1/verifications` is asked.
enum VerificationFields {
    static func read(
        _ json: RequestJSON,
        of caller: APIKeyIdentity,
        countries: Set<Int>,
        webhookRefusal: (String) -> String?
    ) throws -> VerificationRequest {
        var fields = FieldReader(json, known: VerificationRules.createFields)
        guard case .object = json else { throw Problem.validation(fields.errors) }
        let phone = fields.verificationPhone()
        var wanted = VerificationRequest(phone: "", apiKeyID: caller.id)
        wanted.purpose = fields.plainText("purpose", upTo: MessageRules.purposeLimit)
        wanted.template = fields.templateName()
        wanted.locale = fields.locale()
        wanted.length = fields.codeLength()
        wanted.life = fields.life()
        wanted.network = fields.network()
        wanted.reference = fields.plainText("reference", upTo: MessageRules.referenceLimit)
        wanted.webhookURL = fields.webhookURL(webhookRefusal)
        guard fields.errors.isEmpty, let phone else { throw Problem.validation(fields.errors) }
        guard countries.contains(phone.countryCode) else { throw VerifyError.refused(.foreign(countries)) }
        wanted.phone = phone.digits
        return wanted
    }
}

/// Reads what the two checks are asked.
struct CheckFields {
    /// Digits, where the phone says which verification is meant.
    var phone: String?
    var purpose: String?
    var code: String

    static func read(_ json: RequestJSON, withPhone: Bool) throws -> CheckFields {
        var fields = FieldReader(json, known: withPhone ? ["to", "purpose", "code"] : ["code"])
        guard case .object = json else { throw Problem.validation(fields.errors) }
        let phone = withPhone ? fields.verificationPhone() : nil
        let purpose = withPhone ? fields.plainText("purpose", upTo: MessageRules.purposeLimit) : nil
        let code = fields.requiredString("code")
        if let code, !VerificationRules.isCode(code) {
            fields.note("code", "invalid_code", "`code` is 4 to 10 digits.")
        }
        guard fields.errors.isEmpty, let code else { throw Problem.validation(fields.errors) }
        return CheckFields(phone: phone?.digits, purpose: purpose, code: code)
    }
}

extension SendRefusal {
    /// The phone is of none of the countries that codes are sent to.
    static func foreign(_ countries: Set<Int>) -> SendRefusal {
        let codes = countries.sorted().map { "+\($0)" }.joined(separator: ", ")
        return SendRefusal(
            .country,
            retryAfter: .seconds(86_400),
            "Codes are sent to numbers of these countries only: \(codes)."
        )
    }
}

extension FieldReader {
    fileprivate mutating func verificationPhone() -> PhoneNumber? {
        guard let text = requiredString("to") else { return nil }
        do {
            return try PhoneNumber(text)
        } catch {
            note("to", "invalid_phone", error.description)
            return nil
        }
    }

    fileprivate mutating func templateName() -> String? {
        guard let text = string("template") else { return nil }
        guard CodeTemplate.isName(text) else {
            note("template", "unknown_template", "`template` is the name of a template: letters, digits, - and _.")
            return nil
        }
        return text
    }

    fileprivate mutating func locale() -> String? {
        guard let text = string("locale") else { return nil }
        guard VerificationRules.isLocale(text) else {
            note("locale", "invalid_locale", "`locale` is a language such as uz, ru, en or uz-Cyrl.")
            return nil
        }
        return text
    }

    fileprivate mutating func codeLength() -> Int? {
        switch value("length") {
        case nil: return nil
        case .number(let digits):
            if let number = Double(digits).flatMap({ Int(exactly: $0) }), CodeDerivation.lengths.contains(number) {
                return number
            }
        default: break
        }
        note("length", "out_of_range", "`length` is a whole number from 4 to 10.")
        return nil
    }

    fileprivate mutating func life() -> Duration? {
        switch value("expires_in") {
        case nil: return nil
        case .number(let digits):
            if let seconds = Double(digits), VerificationRules.lifeSeconds.contains(seconds) {
                return .seconds(seconds)
            }
        case .string(let text):
            if let life = VerificationRules.life(text) { return life }
        default: break
        }
        let detail =
            "`expires_in` is a number of seconds from 30 to 86400, or a duration such as \"90s\", \"5m\" or \"1h\"."
        note("expires_in", "invalid_duration", detail)
        return nil
    }

    fileprivate mutating func network() -> String? {
        guard let text = string("client_ip") else { return nil }
        guard let network = ClientNetwork.of(text) else {
            note("client_ip", "invalid_address", "`client_ip` is the IPv4 or IPv6 address of your user.")
            return nil
        }
        return network
    }
}
