/// Whether an answer says that the token is no good.
///
/// Pure; the only place that decides it.
///
/// Any 401 does, unless it carries the receipt of a message that was taken: then a proxy said it after Eskiz, and sending
/// again would double the message (token-keeper.md B6). Older servers, and proxies before newer ones, say it in the body of another answer; three spellings
/// are known (eskiz-api.md §1.1, §2.6). Nothing else counts: 403, 429 and 5xx never speak about the token, and a text
/// that merely mentions one does not either. Mistaking a refusal for a rejection would renew the token and send the
/// message again.
package enum AuthRejection {
    /// True if the token the request was signed with was rejected.
    package static func isRejection(_ response: TransportResponse) -> Bool {
        switch response.status {
        case 401: !carriesReceipt(response.body)
        case 403, 429: false
        case 200..<300, 400..<500: saysTokenIsInvalid(response.body)
        default: false
        }
    }

    /// True if a rejection is in Eskiz's words, and not in those of somebody on the way.
    ///
    /// Every generation of Eskiz's 401 is a JSON object with a sentence or a status in it (eskiz-api.md §1.1, §2.6).
    static func isInEskizWords(_ rejection: TransportResponse) -> Bool {
        guard let envelope = WireCoding.decodeIfPossible(Envelope.self, from: rejection.body) else { return false }
        return envelope.status != nil || envelope.message != nil || envelope.statusCode != nil
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

    /// True for `{"id":"…","status":"waiting"}`, which is what Eskiz answers to a message it has taken (eskiz-api.md
    /// §4.1), and to a batch with one status for each.
    static func carriesReceipt(_ body: [UInt8]) -> Bool {
        guard body.containsASCII("waiting"), let receipt = WireCoding.decodeIfPossible(Receipt.self, from: body) else {
            return false
        }
        return receipt.hasID && !receipt.statuses.isEmpty && receipt.statuses.allSatisfy { $0 == "waiting" }
    }

    private struct Receipt: Decodable {
        var hasID: Bool
        var statuses: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: WireKey.self)
            let text = (try? container.decodeIfPresent(String.self, forKey: "id")) ?? ""
            hasID = !text.isEmpty || container.integer("id") != nil
            let one = (try? container.decodeIfPresent(String.self, forKey: "status")).map { [$0] }
            let many = try? container.decodeIfPresent([String].self, forKey: "status")
            statuses = (one ?? many ?? []).map { $0.lowercased() }
        }
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
                // Every answer is looked through, long lists too: no ranges and closures for each byte.
                var start = 0
                while start <= bytes.count - needle.count {
                    // 0x20 turns capitals into small letters, and leaves those and hyphens apart from letters.
                    if bytes[start] | 0x20 == first,
                        needle.indices.allSatisfy({ bytes[start + $0] | 0x20 == needle[$0] })
                    {
                        return true
                    }
                    start += 1
                }
                return false
            }
        }
    }
}
