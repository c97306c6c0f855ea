import Eskiz
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An answer of Eskiz's API: Eskiz's own as it came, or ours in its words.
struct EskizAnswer: Sendable, Equatable {
    var status: Int
    var headers: [TransportHeader]
    var body: [UInt8]

    init(status: Int, headers: [TransportHeader] = [], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    private static func json(_ text: String, status: Int) -> EskizAnswer {
        EskizAnswer(
            status: status,
            headers: [TransportHeader("Content-Type", "application/json")],
            body: Array(text.utf8)
        )
    }

    // MARK: Ours

    /// The error envelope: a UUID even when nothing was sent (eskiz-api.md §3.1).
    static func refusal(_ message: String, status: Int, retryAfter: Duration? = nil) -> EskizAnswer {
        let id = UUID().uuidString.lowercased()
        var answer = json(#"{"id":"\#(id)","message":\#(JSONText.quoted(message)),"status":"error"}"#, status: status)
        if let retryAfter {
            let seconds = retryAfter.components.seconds + (retryAfter.components.attoseconds > 0 ? 1 : 0)
            answer.headers.append(TransportHeader("Retry-After", String(seconds)))
        }
        return answer
    }

    /// The answer to a token that is missing, foreign or over (§11.2).
    static var expired: EskizAnswer { refusal("Expired", status: 401) }

    /// Exactly one key: a public client takes any such answer for wrong credentials (§2.1, §11.2).
    static var badCredentials: EskizAnswer { json(#"{"message":"Неверный Email или пароль"}"#, status: 401) }

    /// A login or a refresh (§2.1).
    static func token(_ token: String) -> EskizAnswer {
        let data = #"{"token":\#(JSONText.quoted(token))}"#
        return json(#"{"message":"token_generated","data":\#(data),"token_type":"bearer"}"#, status: 200)
    }

    /// Another request came with this key before.
    static var keyReused: EskizAnswer {
        refusal("This Idempotency-Key was used for another request. Make a new key for each message.", status: 422)
    }

    static var tokenInvalidated: EskizAnswer { json(#"{"message":"token_invalidated"}"#, status: 200) }

    /// A send that was taken, where Eskiz's own answer did not reach us.
    static func taken(id: String, batchOf count: Int?) -> EskizAnswer {
        let status =
            count.map { "[" + Array(repeating: #""waiting""#, count: $0).joined(separator: ",") + "]" } ?? #""waiting""#
        let id = JSONText.quoted(id)
        return json(#"{"id":\#(id),"message":"Waiting for SMS provider","status":\#(status)}"#, status: 200)
    }

    /// Unknown paths and wrong verbs are 404 in plain text (§3.5).
    static let notFound = EskizAnswer(
        status: 404,
        headers: [TransportHeader("Content-Type", "text/plain; charset=utf-8")],
        body: Array("404 page not found".utf8)
    )

    // MARK: Eskiz's

    /// Eskiz's answer: status and body, and of the header fields those that belong to the body and to trying again.
    init(_ response: TransportResponse) {
        let kept = ["Content-Type", "Content-Disposition", "Retry-After"]
        self.init(
            status: response.status,
            headers: kept.compactMap { name in response.header(name).map { TransportHeader(name, $0) } },
            body: response.body
        )
    }

    // MARK: On the wire

    var response: Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        return Response(
            status: .init(code: (100...999).contains(status) ? status : 502),
            headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

/// JSON whose members stay in the order in which Eskiz prints them, which no encoder promises.
enum JSONText {
    /// A JSON string.
    static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\0"..<" ":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    /// An object of strings, in order.
    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}"
    }
}
