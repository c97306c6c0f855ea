import Crypto
import Eskiz
import EskizHTTP
import EskizQueue
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One message as an application asks for it, read and found good.
struct MessageRequest: Sendable {
    var phone: PhoneNumber
    /// As it came.
    var text: String
    var sender: String?
    var lane: Lane
    var expiresIn: Duration?
    var sendAt: Timestamp?
    var reference: String?
    var webhookURL: String?
    var normalizes: Bool?
    var purpose: String?

    static let fields: Set<String> = [
        "to", "text", "from", "lane", "expires_in", "send_at", "reference", "webhook_url", "normalize", "purpose",
        "international",
    ]

    /// Says what is wrong, all of it.
    ///
    /// `webhookRefusal` tells why an address may not be posted to; nil if it may.
    static func read(
        _ json: RequestJSON,
        at now: Timestamp,
        rules: TextLimits,
        webhookRefusal: (String) -> String?
    ) -> Result<MessageRequest, Problem> {
        var fields = FieldReader(json, known: Self.fields)
        guard case .object = json else { return .failure(.validation(fields.errors)) }
        let phone = fields.phone(mayBeAbroad: fields.bool("international") ?? false)
        let text = fields.text()
        let sender = fields.sender()
        let lane = fields.lane()
        let expiresIn = fields.expiresIn()
        let sendAt = fields.sendAt(now: now)
        let reference = fields.plainText("reference", upTo: MessageRules.referenceLimit)
        let webhookURL = fields.webhookURL(webhookRefusal)
        let normalizes = fields.bool("normalize")
        let purpose = fields.plainText("purpose", upTo: MessageRules.purposeLimit)
        if let text, let error = rules.error(of: text, normalizes: normalizes) {
            let detail = TextRefusal.sentence(error, to: phone?.digits, prices: rules.prices)
            fields.note("text", error.code, detail)
        }
        guard fields.errors.isEmpty, let phone, let text else { return .failure(.validation(fields.errors)) }
        return .success(
            MessageRequest(
                phone: phone,
                text: text,
                sender: sender,
                lane: lane ?? .transactional,
                expiresIn: expiresIn,
                sendAt: sendAt,
                reference: reference,
                webhookURL: webhookURL,
                normalizes: normalizes,
                purpose: purpose
            )
        )
    }

    /// What `PATCH` changes of a message, read and found good.
    static func amendment(
        _ json: RequestJSON,
        at now: Timestamp,
        limits: TextLimits
    ) -> Result<MessageAmendment, Problem> {
        var fields = FieldReader(json, known: ["send_at", "expires_in", "text"])
        var amendment = MessageAmendment(sendAt: fields.sendAt(now: now), lifetime: fields.expiresIn())
        if fields.value("text") != nil, let text = fields.text() {
            if let error = limits.error(of: text, normalizes: nil) {
                fields.note("text", error.code, error.description)
            }
            let segmentation = TextLimits.segmentation(of: text, normalizes: limits.normalizesByDefault)
            amendment.text = .init(
                text: segmentation.text,
                segments: segmentation.segmentCount,
                encoding: segmentation.encoding
            )
        }
        return fields.errors.isEmpty ? .success(amendment) : .failure(.validation(fields.errors))
    }

    /// The message as it is kept: the text that will be sent, and what it costs.
    func newMessage(
        apiKeyID: String,
        sender: String,
        normalizesByDefault: Bool,
        at now: Timestamp
    ) -> NewMessage {
        let segmentation = segmentation(normalizesByDefault: normalizesByDefault)
        return NewMessage(
            lane: lane,
            phone: phone.digits,
            text: segmentation.text,
            sender: self.sender ?? sender,
            segments: segmentation.segmentCount,
            encoding: segmentation.encoding,
            reference: reference,
            apiKeyID: apiKeyID,
            webhookURL: webhookURL,
            sendAt: sendAt,
            expiresAt: expiresIn.map { max(sendAt ?? now, now) + $0 },
            purpose: lane == .otp ? MessagePurpose.digest(of: purpose, text: segmentation.text) : nil
        )
    }

    private func segmentation(normalizesByDefault: Bool) -> Segmentation {
        TextLimits.segmentation(of: text, normalizes: normalizes ?? normalizesByDefault)
    }

    /// Adds everything that was asked for, so that two requests with the same digest ask for the same.
    func update(_ digest: inout SHA256) {
        for part in [
            phone.digits, text, sender, lane.rawValue, expiresIn.map { String($0.wholeMilliseconds) },
            sendAt.map { String($0.milliseconds) }, reference, webhookURL, normalizes.map { $0 ? "1" : "0" }, purpose,
        ] {
            digest.update(part)
        }
    }
}

/// How long a text may be, and what is counted: the text that would be sent.
struct TextLimits: Sendable {
    var rules: MessageTextRules
    var normalizesByDefault: Bool
    /// What Eskiz takes, as far as it is known.
    var prices: @Sendable () -> Prices? = { nil }

    func error(of text: String, normalizes: Bool?) -> MessageTextError? {
        do throws(MessageTextError) {
            try rules.checkLength(Self.segmentation(of: text, normalizes: normalizes ?? normalizesByDefault))
            return nil
        } catch {
            return error
        }
    }

    static func segmentation(of text: String, normalizes: Bool) -> Segmentation {
        guard normalizes else { return Segmentation(of: text) }
        let after = UzbekNormalizer().normalize(text).after
        // A text of nothing but marks that are left out stays a text.
        return after.text.isEmpty ? Segmentation(of: text) : after
    }
}

extension SHA256 {
    /// A part with its length, so that no two lists of parts look the same.
    mutating func update(_ part: String?) {
        guard let part else { return update(data: [0xFF]) }
        update(data: Array("\(part.utf8.count):\(part)".utf8))
    }
}

/// What a code is for: a newer code for the same phone and purpose takes the place of one that still waits.
enum MessagePurpose {
    /// The caller's own word, or else the text without its digits: two codes of one template are for the same.
    static func digest(of purpose: String?, text: String) -> String {
        var digest = SHA256()
        digest.update(purpose == nil ? "text" : "given")
        digest.update(purpose ?? template(of: text))
        return digest.finalize().prefix(16).hexadecimal
    }

    private static func template(of text: String) -> String {
        var template: [UInt8] = []
        template.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            let isDigit = (0x30...0x39).contains(byte)
            if isDigit, template.last == UInt8(ascii: "#") { continue }
            template.append(isDigit ? UInt8(ascii: "#") : byte)
        }
        return String(decoding: template, as: UTF8.self)
    }
}

extension FieldReader {
    fileprivate mutating func phone(mayBeAbroad: Bool) -> PhoneNumber? {
        guard let text = requiredString("to") else { return nil }
        switch MessageRules.phone(text, mayBeAbroad: mayBeAbroad) {
        case .success(let phone): return phone
        case .failure(let error):
            note(error.field, error.code, error.detail)
            return nil
        }
    }

    fileprivate mutating func text() -> String? {
        guard let text = requiredString("text") else { return nil }
        if let error = MessageRules.textError(text) {
            note("text", error.code, error.detail)
            return nil
        }
        return text
    }

    fileprivate mutating func sender() -> String? {
        guard let text = string("from") else { return nil }
        guard MessageRules.isSender(text) else {
            note("from", "invalid_sender", "`from` is a sender ID: 2 to 11 Latin letters, digits or signs.")
            return nil
        }
        return text
    }

    fileprivate mutating func lane() -> Lane? {
        guard let text = string("lane") else { return nil }
        guard let lane = Lane(rawValue: text) else {
            note("lane", "invalid_lane", "`lane` is one of otp, transactional and bulk.")
            return nil
        }
        return lane
    }

    fileprivate mutating func expiresIn() -> Duration? {
        switch value("expires_in") {
        case nil: return nil
        case .number(let digits):
            if let seconds = Double(digits), MessageRules.expiresInSeconds.contains(seconds) {
                return .seconds(seconds)
            }
        case .string(let text):
            if let duration = MessageRules.duration(text) { return duration }
        default: break
        }
        let detail =
            "`expires_in` is a number of seconds from 1 to 999999, or a duration such as \"90s\", \"2m\" or \"1h\"."
        note("expires_in", "invalid_duration", detail)
        return nil
    }

    fileprivate mutating func sendAt(now: Timestamp) -> Timestamp? {
        guard let text = string("send_at") else { return nil }
        guard let moment = RFC3339.moment(text) else {
            note("send_at", "invalid_time", "`send_at` is a time by RFC 3339, such as 2027-01-15T13:00:00+05:00.")
            return nil
        }
        guard moment >= now - MessageRules.tardiness, moment <= now + MessageRules.horizon else {
            note("send_at", "out_of_range", "`send_at` must lie in the next 35 days.")
            return nil
        }
        return moment
    }

    mutating func webhookURL(_ refusal: (String) -> String?) -> String? {
        guard let text = string("webhook_url") else { return nil }
        if let problem = MessageRules.addressProblem(text) {
            note("webhook_url", "invalid_url", "`webhook_url` cannot be used: \(problem).")
            return nil
        }
        if let reason = refusal(text) {
            note("webhook_url", "refused_url", "`webhook_url` cannot be posted to: \(reason).")
            return nil
        }
        return text
    }
}
