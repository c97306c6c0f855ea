import EskizHTTP
import HTTPTypes

/// Links from one page of a list to the others (eskiz-api.md §6.2).
///
/// Eskiz writes its own address into them: a client that follows one would leave the gateway, with a token that Eskiz does
/// not know.
struct PageLinks: Sendable {
    /// Where the client found us: `http://sms.example.test/api`.
    let address: String

    /// What a proxy in front of us was asked by.
    private static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")

    /// nil where the request does not say in plain letters whom it is for.
    init?(of request: HTTPRequest, below base: BasePath) {
        guard let authority = request.authority, !authority.isEmpty, authority.utf8.allSatisfy(Self.isPlain) else {
            return nil
        }
        let isSecure = Self.forwardedProto.flatMap { request.headerFields[$0] }?.lowercased() == "https"
        address = "\(isSecure ? "https" : "http")://\(authority)\(base.text)/api"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7A).contains(byte | 0x20) || "-.:[]".utf8.contains(byte)
    }

    /// An answer of Eskiz's with our address in its links to this path.
    func pointingHere(_ body: [UInt8], path: String) -> [UInt8] {
        guard path.hasPrefix("message/sms/get-user-messages") else { return body }
        let text = String(decoding: body, as: UTF8.self)
        // A text of somebody's has no such member before it.
        let link = /("(?:path|url|[a-z]+_page_url)" ?: ?")https?:\/\/[^"?]*\/(message\/sms\/get-user-messages[^"]*")/
        let pointed = text.replacing(link) { "\($0.1)\(address)/\($0.2)" }
        return pointed == text ? body : Array(pointed.utf8)
    }
}
