import Crypto
import EskizHTTP
import EskizPages

/// A client's own word for a mailing, where Eskiz knows numbers only (`dispatch_id`).
///
/// Pure: the same word is always the same number, so nothing need be kept.
struct MailingName: Sendable, Equatable {
    let word: String
    let number: Int64

    /// Nil for what Eskiz understands itself, and for what can be no name.
    init?(_ text: String) {
        guard Self.ownNumber(text) == nil, PlainText.problem(text, upTo: EskizSendRequest.idLimit) == nil else {
            return nil
        }
        word = text
        number = Self.hash(text)
    }

    /// What Eskiz is told of a mailing with this `dispatch_id`.
    static func number(of text: String) -> Int64 { ownNumber(text) ?? hash(text) }

    private static func ownNumber(_ text: String) -> Int64? {
        Int64(text).flatMap { $0 >= 0 ? $0 : nil }
    }

    private static func hash(_ word: String) -> Int64 {
        SHA256.hash(data: Array(word.utf8)).prefix(6).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// An answer of Eskiz's with the client's word in the place of the number.
    func restored(in body: [UInt8]) -> [UInt8] {
        let text = String(decoding: body, as: UTF8.self)
        // Within a string every quote has a backslash before it, so a text that talks of the name is never meant.
        let member = /("dispatch_id"[ \t]*:[ \t]*)"?([0-9]{1,15})"?(?=[ \t\r\n]*[,}\]])/
        let restored = text.replacing(member) { match in
            match.2 == String(number) ? "\(match.1)\(JSONText.quoted(word))" : String(match.0)
        }
        return restored == text ? body : Array(restored.utf8)
    }
}

extension EskizCall {
    /// The mailing that a read asks after by a word, and the same read as Eskiz understands it; nil for any other call.
    var naming: (name: MailingName, call: EskizCall)? {
        guard asksForMailing, let fields = try? fields, let name = fields["dispatch_id"].flatMap(MailingName.init)
        else { return nil }
        var texts = fields.texts
        texts["dispatch_id"] = String(name.number)
        var call = self
        call.contentType = "application/x-www-form-urlencoded"
        call.body = Array(URLEncoding.encode(texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }).utf8)
        return (name, call)
    }

    private var asksForMailing: Bool {
        let path = segments.joined(separator: "/")
        return path == "message/sms/get-user-messages-by-dispatch" || path == "message/sms/get-dispatch-status"
            || path == "report/total-by-dispatch"
    }
}
