/// Whether an answer says that the token is no good.
///
/// Pure; the only place that decides it.
///
/// Any 401 does. Older servers, and proxies before newer ones, say it in the body of another answer; three spellings
/// are known (eskiz-api.md §1.1, §2.6). Nothing else counts: 403, 429 and 5xx never speak about the token, and a text
/// that merely mentions one does not either. Mistaking a refusal for a rejection would renew the token and send the
/// message again.
package enum AuthRejection {
    /// True if the token the request was signed with was rejected.
    package static func isRejection(_ response: HTTPResponse) -> Bool {
        switch response.status {
        case 401: true
        case 403, 429: false
        case 200..<300, 400..<500: saysTokenIsInvalid(response.body)
        default: false
        }
    }

    private static func saysTokenIsInvalid(_ body: [UInt8]) -> Bool {
        // Every known shape is short and says «token»; this keeps the decoder away from ordinary answers.
        guard body.count <= 4096, body.containsASCII("oken") else { return false }
        guard let envelope = WireCoding.decodeIfPossible(Envelope.self, from: body) else { return false }
        switch envelope.status?.lowercased() {
        // Generation 2 wrote a hyphen; one client also knows an underscore.
        case "token-invalid", "token_invalid": return true
        default: break
        }
        // Generation 1: `{"message":"Token has expired","status_code":401}`.
        guard let code = envelope.statusCode, (400...401).contains(code) else { return false }
        return envelope.message?.lowercased().hasPrefix("token ") == true
    }

    private struct Envelope: Decodable {
        var status: String?
        var message: String?
        var statusCode: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: WireKey.self)
            status = try? container.decodeIfPresent(String.self, forKey: "status")
            message = try? container.decodeIfPresent(String.self, forKey: "message")
            statusCode = container.integer("status_code").flatMap { Int(exactly: $0) }
        }
    }
}

extension [UInt8] {
    /// Looks for a short ASCII text, given in lower case, without regard to case.
    func containsASCII(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { needle in
            guard let first = needle.first, count >= needle.count else { return false }
            return withUnsafeBufferPointer { bytes in
                (0...(bytes.count - needle.count)).contains { start in
                    // 0x20 turns capitals into small letters, and leaves those and hyphens apart from letters.
                    bytes[start] | 0x20 == first && needle.indices.allSatisfy { bytes[start + $0] | 0x20 == needle[$0] }
                }
            }
        }
    }
}
