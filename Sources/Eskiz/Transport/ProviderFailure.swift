#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// What went wrong on the way to Eskiz or there, as an ``EskizError`` that says what to do.
///
/// Pure.
///
/// It classifies; whether a message may have been taken is for ``SendOutcome`` to say, so errors made here are those of
/// a read: they may be repeated, and nothing is unknown.
package enum ProviderFailure {
    // MARK: Answers

    /// The failure an answer stands for; nil for 2xx without `status: "error"`.
    ///
    /// - Parameters:
    ///   - response: the whole answer.
    ///   - now: for a `Retry-After` that is a date, where the answer itself has none.
    /// - Returns: what went wrong; nil for a good answer.
    package static func of(_ response: TransportResponse, now: Date = Date()) -> EskizError? {
        if (200..<300).contains(response.status) {
            if AuthRejection.isRejection(response) { return rejectedToken(response) }
            // Most good answers hold the word nowhere, and are not decoded twice.
            guard response.body.containsASCII("rror"), let envelope = envelope(of: response), envelope.isError else {
                return nil
            }
            return refusal(response, envelope)
        }
        switch response.status {
        case 300..<400: return redirected(response)
        case 400..<500:
            if AuthRejection.isRejection(response) { return rejectedToken(response) }
            if response.status == 429 { return rateLimited(response, now: now) }
            return refusal(response, envelope(of: response))
        case 500..<600: return serverError(response, now: now)
        default: return unexpectedAnswer(response)
        }
    }

    /// An answer that is not what the API promises; the sentence says what came instead.
    package static func unexpectedAnswer(_ response: TransportResponse) -> EskizError {
        EskizError(
            .unexpectedAnswer,
            "Eskiz answered \(response.status) with \(BodyKind(response).sentence), which is not what the API promises.",
            remedy:
                "Check that ESKIZ_BASE_URL is the address of the API and that no proxy or portal answers in its place.",
            httpStatus: response.status,
            provider: ProviderText.words(of: response),
            mayRepeat: true
        )
    }

    private static func rejectedToken(_ response: TransportResponse) -> EskizError {
        EskizError(
            .tokenDead,
            "Eskiz rejected the bearer token.",
            remedy: "Set ESKIZ_EMAIL and ESKIZ_PASSWORD so that a new one can be fetched, or give a valid ESKIZ_TOKEN; "
                + "if that is so already, ask Eskiz whether the account is active.",
            httpStatus: response.status,
            provider: ProviderText.words(of: response),
            mayRepeat: true
        )
    }

    private static func redirected(_ response: TransportResponse) -> EskizError {
        EskizError(
            .redirected,
            "Eskiz answered \(response.status), a redirect, which is not followed: the token would go with it.",
            remedy: "Set ESKIZ_BASE_URL to the final address of the API.",
            httpStatus: response.status,
            provider: nil,
            mayRepeat: true
        )
    }

    private static func rateLimited(_ response: TransportResponse, now: Date) -> EskizError {
        let retryAfter = WireTime.retryAfter(response, now: now)
        return EskizError(
            .rateLimited,
            "Eskiz says that there are too many requests (429).",
            remedy: retryAfter.map { "Wait \(DurationSetting.describe($0)), then go slower." }
                ?? "Wait a while, then go slower.",
            httpStatus: 429,
            retryAfter: retryAfter,
            provider: ProviderText.words(of: response),
            mayRepeat: true
        )
    }

    private static func serverError(_ response: TransportResponse, now: Date) -> EskizError {
        let retryAfter = WireTime.retryAfter(response, now: now)
        return EskizError(
            .serverError,
            "Eskiz failed with \(response.status), \(BodyKind(response).sentence).",
            remedy: retryAfter.map { "The fault is on Eskiz's side; try again after \(DurationSetting.describe($0))." }
                ?? "The fault is on Eskiz's side; try again later.",
            httpStatus: response.status,
            retryAfter: retryAfter,
            provider: ProviderText.words(of: response),
            mayRepeat: true
        )
    }

    // MARK: Refusals

    private struct Refusal {
        let code: EskizError.Code
        let summary: Sentence
        let remedy: Sentence
    }

    /// Stable parts of the texts that Eskiz refuses with (eskiz-api.md §4.1, §11.1.6), in lower case.
    ///
    /// The language of a text depends on the rule it comes from, and only these have been seen.
    private static let knownTexts: [(parts: [String], refusal: Refusal)] = [
        (
            ["для теста можно использовать"],
            Refusal(
                code: .testAccountTextOnly,
                summary: "This is a test account, which may send three fixed phrases only.",
                remedy: "Send «This is test from Eskiz», or activate the account in the cabinet."
            )
        ),
        (
            ["модерацию"],
            Refusal(
                code: .textNotApproved,
                summary: "No approved template matches the text.",
                remedy: "Submit the text as a template (`eskiz templates add`) and wait for its approval; "
                    + "curly quotes and apostrophes break a match."
            )
        ),
        (
            ["user_sms_id"],
            Refusal(
                code: .invalidUserSMSID,
                summary: "Eskiz refused the user_sms_id.",
                remedy: "Use 1 to 12 digits."
            )
        ),
        (
            ["mobile_phone"],
            Refusal(
                code: .invalidPhone,
                summary: "Eskiz refused the phone number.",
                remedy: "Check the number."
            )
        ),
        (
            ["message is invalid"],
            Refusal(
                code: .invalidText,
                summary: "Eskiz refused the text.",
                remedy: "Check that it is neither empty nor too long."
            )
        ),
        (
            // Eskiz names the field of a refused value like this; seen for user_sms_id only.
            ["from is invalid", "nickname", "никнейм", "отправител", "sender"],
            Refusal(
                code: .senderNotApproved,
                summary: "The sender ID is not approved for this account.",
                remedy: "Use 4546 or one of your approved names (`eskiz senders`)."
            )
        ),
    ]

    private static func refusal(_ response: TransportResponse, _ envelope: Envelope?) -> EskizError {
        let text = envelope?.message.map { $0.lowercased() } ?? ""
        let known = knownTexts.first { known in known.parts.contains { text.contains($0) } }?.refusal
        let refusal = known ?? refusalByStatus(response.status)
        return EskizError(
            refusal.code,
            refusal.summary,
            remedy: refusal.remedy,
            httpStatus: response.status,
            provider: ProviderText.words(of: response),
            mayRepeat: true
        )
    }

    private static func refusalByStatus(_ status: Int) -> Refusal {
        switch status {
        case 402:
            Refusal(
                code: .refused,
                summary: "Eskiz asks for payment (402).",
                remedy: "Check the balance (`eskiz balance`)."
            )
        case 403:
            Refusal(
                code: .forbidden,
                summary: "The account may not do this (403).",
                remedy: "Check in the cabinet that the account is active; a test account sends single messages only."
            )
        case 404:
            Refusal(
                code: .notFound,
                summary: "Eskiz knows no such message or path (404).",
                remedy: "Check the id, and that ESKIZ_BASE_URL ends in /api."
            )
        default:
            Refusal(
                code: .refused,
                summary: "Eskiz refused the request (\(status)).",
                remedy: "Read what Eskiz says about it, and correct the request."
            )
        }
    }

    /// What error answers have in common, as far as they do (eskiz-api.md §3.1).
    struct Envelope: Decodable {
        var isError: Bool
        var message: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: WireKey.self)
            isError = (try? container.decodeIfPresent(String.self, forKey: "status"))?.lowercased() == "error"
            message = container.sentence("message")
        }
    }

    static func envelope(of response: TransportResponse) -> Envelope? {
        WireCoding.decodeIfPossible(Envelope.self, from: response.body)
    }

    // MARK: The way there

    /// The failure of a request that got no whole answer.
    ///
    /// - Parameters:
    ///   - error: why, and how far the request got.
    ///   - timeout: what the request was given, for the sentence.
    /// - Returns: the same as people and programs want it.
    package static func of(_ error: TransportError, timeout: Duration) -> EskizError {
        let (code, summary, remedy) = sentences(error, timeout: timeout)
        return EskizError(code, summary, remedy: remedy, mayRepeat: true, cause: error)
    }

    private static func sentences(
        _ error: TransportError,
        timeout: Duration
    ) -> (EskizError.Code, Sentence, Sentence) {
        let timeoutText = DurationSetting.describe(timeout)
        return switch error.reason {
        case .nameResolution:
            (
                .nameResolution, "The name of Eskiz's server could not be resolved.",
                "Check DNS and the network, and ESKIZ_BASE_URL for a typing error."
            )
        case .connectionFailed:
            (
                .connectionFailed, "The connection to Eskiz was refused or no route leads there.",
                "Check the network, a firewall, and ESKIZ_BASE_URL."
            )
        case .connectTimedOut:
            (
                .connectionFailed, "Eskiz did not accept a connection in time (a request may take \(timeoutText)).",
                "Check the network and a firewall that drops packets; from abroad the address may be blocked."
            )
        case .tls:
            (
                .tlsFailed, "No trusted TLS connection to Eskiz could be established.",
                "Check the clock of this machine, its root certificates (ca-certificates), and who intercepts TLS."
            )
        case .proxy:
            (
                .connectionFailed, "The proxy did not connect us to Eskiz.",
                "Check HTTPS_PROXY, its user name and password, or list the host in NO_PROXY."
            )
        case .timedOut:
            (
                .timedOut, "Eskiz did not answer within \(timeoutText).",
                "Try again; if it stays slow, raise ESKIZ_TIMEOUT."
            )
        case .connectionClosed:
            (
                .connectionClosed, "The connection broke before Eskiz's answer was complete.",
                "Try again; if it happens often, look at the network and at proxies."
            )
        case .answerTooLarge:
            (
                .unexpectedAnswer, "Eskiz's answer is larger than this client accepts.",
                "Ask for less: a smaller page or a shorter range."
            )
        case .cancelled:
            (.cancelled, "The call was cancelled.", "")
        case .unusable:
            (
                .shutDown, "The client has been shut down, or the address cannot be used.",
                "Make a new client, and check ESKIZ_BASE_URL."
            )
        }
    }
}

/// What kind of body came, for sentences about unexpected ones.
enum BodyKind {
    case empty, html, brokenJSON, otherJSON, text

    init(_ response: TransportResponse) {
        let start = response.body.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let type = response.header("content-type")?.lowercased() ?? ""
        if start.isEmpty {
            self = .empty
        } else if type.contains("html") || start.first == UInt8(ascii: "<") {
            self = .html
        } else if start.first == UInt8(ascii: "{") || start.first == UInt8(ascii: "[") || type.contains("json") {
            self = WireCoding.decodeIfPossible(AnyJSON.self, from: response.body) == nil ? .brokenJSON : .otherJSON
        } else {
            self = .text
        }
    }

    var sentence: Sentence {
        switch self {
        case .empty: "an empty body"
        case .html: "an HTML page"
        case .brokenJSON: "broken or incomplete JSON"
        case .otherJSON: "JSON of another shape"
        case .text: "plain text"
        }
    }

    /// Decodes whatever is JSON at all.
    private struct AnyJSON: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}

/// Eskiz's own words, fit to be shown: one line, short, without tokens, phone numbers or codes.
enum ProviderText {
    static let limit = 300

    static func words(of response: TransportResponse) -> String? {
        if let message = ProviderFailure.envelope(of: response)?.message { return scrubbed(message) }
        guard case .text = BodyKind(response) else { return nil }
        return scrubbed(String(decoding: response.body.prefix(2 * limit), as: UTF8.self))
    }

    static func scrubbed(_ text: String) -> String? {
        var output = ""
        var word = ""
        var count = 0
        func flush() {
            output += isTokenLike(word) ? "<token>" : word
            word = ""
        }
        for character in maskingNumbers(text) {
            guard count < limit else { break }
            count += 1
            if character.isWhitespace
                || character.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            {
                flush()
                if !output.isEmpty, output.last != " " { output += " " }
            } else {
                word.append(character)
            }
        }
        flush()
        let trimmed = output.trimmingWhitespace()
        return trimmed.isEmpty ? nil : trimmed
    }

    /// A JWT, or any run of 40 and more characters of base64: no word of a sentence is one.
    ///
    /// A UUID is shorter.
    private static func isTokenLike(_ word: String) -> Bool {
        let body = word.drop { !$0.isLetter && !$0.isNumber }
        guard body.utf8.count >= 24 else { return false }
        let isCode = body.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "="), UInt8(ascii: "+"),
                UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                true
            default: false
            }
        }
        return isCode && (body.hasPrefix("eyJ") || body.utf8.count >= 40)
    }

    /// Masks runs of five and more digits, separators between them included: phone numbers however they are written,
    /// and one-time codes.
    ///
    /// Four digits stay, because `4546` is a sender and `2024` a year.
    private static func maskingNumbers(_ text: String) -> String {
        var output = ""
        var run = ""
        var digits = 0
        func flush() {
            if digits >= 5 {
                let tail = run.reversed().prefix { !$0.isNumber }
                output += "***" + String(tail.reversed())
            } else {
                output += run
            }
            run = ""
            digits = 0
        }
        for character in text {
            if character.isASCII, character.isNumber {
                run.append(character)
                digits += 1
            } else if digits > 0, character == " " || character == "-" || character == "(" || character == ")" {
                run.append(character)
            } else {
                flush()
                output.append(character)
            }
        }
        flush()
        return output
    }
}
