import Eskiz
import EskizHTTP
import EskizQueue
import Logging

extension EskizRoutes {
    /// Passes a request on, and its answer back as it came but for `user_sms_id`, links to other pages, and the secret of
    /// our own callback address.
    ///
    /// Of the header fields only those about the body go on; the token is ours.
    func forward(_ call: EskizCall) async -> EskizAnswer {
        guard let (name, call) = call.naming else { return await forwardAsIs(call) }
        var answer = await forwardAsIs(call)
        answer.body = name.restored(in: answer.body)
        return answer
    }

    private func forwardAsIs(_ call: EskizCall) async -> EskizAnswer {
        let answer = await pass(call)
        guard answer.status == 404, let asPost = call.asReadByPOST else { return answer }
        return await pass(asPost)
    }

    private func pass(_ call: EskizCall) async -> EskizAnswer {
        guard let path = ForwardedPath(method: call.method, segments: call.segments, query: call.query) else {
            return .notFound
        }
        let request = EndpointRequest(
            method: call.method,
            path: path.text,
            contentType: call.contentType,
            accept: call.accept ?? "*/*",
            body: call.body,
            operation: Operation.forward.rawValue,
            isSend: path.isSend
        )
        do {
            let response = try await client.forward(request)
            guard !AuthRejection.isRejection(response) else {
                return .refusal("Eskiz does not accept the gateway's own token at the moment.", status: 503)
            }
            var answer = EskizAnswer(response)
            answer.body = try await restoringNames(in: response)
            answer.body = callbackSecret.hidden(in: answer.body)
            if let links = call.links {
                answer.body = links.pointingHere(answer.body, path: call.segments.joined(separator: "/"))
            }
            return answer
        } catch let error as EskizError {
            return .refusal(
                EskizReply.sentence(error),
                status: EskizReply.status(of: error),
                retryAfter: error.retryAfter
            )
        } catch let error as StoreError {
            return unavailable(error)
        } catch {
            return .refusal("The gateway failed.", status: 502)
        }
    }

    /// Puts the clients' own numbers into an answer of Eskiz's, where it is JSON or a table of values.
    private func restoringNames(in response: TransportResponse) async throws(StoreError) -> [UInt8] {
        let type = ContentType(response.header("content-type") ?? "application/json").mediaType
        let numbers: UserSMSIDRewriter
        switch type {
        case "text/csv": numbers = UserSMSIDRewriter(inTable: response.body)
        case _ where type.hasSuffix("json"): numbers = UserSMSIDRewriter(in: response.body)
        default: return response.body
        }
        guard !numbers.places.isEmpty else { return response.body }
        let references = try await queue.store.clientReferences(numbers.ids)
        var names: [MessageID: String?] = [:]
        for id in numbers.ids {
            if let reference = references[id] {
                names[id] = .some(reference.userSMSID)
            } else if let message = try await queue.store.message(id), message.origin == .eskiz {
                names[id] = .some(nil)
            }
            // Anything else is somebody else's number, or a message of our own API, which is known by it.
        }
        return numbers.replacing(names)
    }
}

extension EskizCall {
    /// Reads whose filters are in the body, so that Eskiz wants them by POST today.
    ///
    /// Its oldest server took them by GET, its collection still prints one so, and clients send them so
    /// (eskiz-api.md §3.2, §5.2).
    private static let readsByPOST: Set<String> = [
        "message/export", "message/sms/check", "message/sms/get-dispatch-status", "message/sms/get-user-messages",
        "message/sms/get-user-messages-by-dispatch", "message/sms/normalizer", "report/total-by-dispatch",
        "report/total-by-range", "report/total-by-smsc", "user/totals",
    ]

    /// This call by POST, if it is a read by GET with a body: Eskiz may know it by one verb and not by the other.
    var asReadByPOST: EskizCall? {
        guard method == "GET", !body.isEmpty, Self.readsByPOST.contains(segments.joined(separator: "/")) else {
            return nil
        }
        var call = self
        call.method = "POST"
        return call
    }
}

/// A path that may be passed on to Eskiz under the account's token.
///
/// Only segments that every program reads alike: nothing that decodes to a slash, a dot segment or anything else by which
/// a request could end up at another route than it says. Of `auth` only the look at the account is passed on: everything
/// else there deals in the account's token, which never leaves the gateway.
struct ForwardedPath: Sendable, Equatable {
    /// Below the base address, the query included.
    let text: String
    /// `send-global`: sending twice costs twice.
    let isSend: Bool

    init?(method: String, segments: [String], query: String?) {
        guard
            segments.allSatisfy({ segment in
                segment != "." && segment != ".." && segment.utf8.allSatisfy(Self.isPlain)
            })
        else { return nil }
        if segments.first?.lowercased() == "auth" {
            guard method == "GET", segments == ["auth", "user"] else { return nil }
        }
        let path = segments.joined(separator: "/")
        isSend = path == "message/sms/send-global"
        text = query.map { "\(path)?\(Self.query($0))" } ?? path
    }

    /// RFC 3986 `unreserved`: every path of Eskiz's is made of these.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7A).contains(byte | 0x20) || "-._~".utf8.contains(byte)
    }

    /// The query as it came; what may not stand in one is escaped.
    private static func query(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) || "!$&'()*+,;=:@/?%".utf8.contains(byte) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
