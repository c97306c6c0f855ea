import Crypto
import Eskiz
import EskizHTTP
import EskizQueue
import EskizText
import EskizVerify
import HTTPTypes
import Hummingbird
import NIOCore

/// Supabase's "Send SMS" hook: Supabase Auth makes the code and checks it, the gateway sends it.
///
/// Supabase signs its requests (Standard Webhooks) and has no key of ours. It takes an answer of 200 for done, reads
/// `{"error": {"http_code", "message"}}` in it as what to tell the user, and tries again at once after a 503 with `Retry-After`:
/// with the same body, and with another `webhook-id`. So it is the body by which a repeat is known.
struct SupabaseHook: Sendable {
    static let path = "/hooks/supabase/send-sms"
    /// Whose verifications they are.
    static let keyID = "supabase"

    let verifier: Verifier
    let intake: MessageIntake
    let secrets: [WebhookSecret]

    private static let bodyLimit = 64 << 10

    func add(to router: Router<GatewayContext>) {
        router.post(RouterPath(Self.path)) { request, _ in await answer(request) }
    }

    private func answer(_ request: Request) async -> Response {
        do {
            let body = Array(try await request.body.collect(upTo: Self.bodyLimit).readableBytesView)
            let now = verifier.queue.clock.timestamp
            guard let webhook = StandardWebhook(request.headers), webhook.isGood(body, by: secrets, at: now) else {
                return Self.error(401, "The request is not signed with ESKIZ_SUPABASE_SECRET.", status: .unauthorized)
            }
            let wanted = try SupabaseRequest(body)
            try intake.admitCode(goodFor: verifier.configuration.life)
            return try await send(wanted, occasion: Self.occasion(body))
        } catch let error as SupabaseRequest.Failure {
            return Self.error(error.status, error.sentence)
        } catch {
            guard let problem = Problem(error) else { return Self.error(500, "The gateway has a fault.") }
            // The store does not answer, or too much waits: that may have passed when Supabase asks again.
            guard problem.code.status == .serviceUnavailable else {
                return Self.error(problem.code.status.code, problem.detail)
            }
            var response = Self.error(503, problem.detail, status: .serviceUnavailable)
            response.headers[.retryAfter] = "1"
            return response
        }
    }

    private func send(_ wanted: SupabaseRequest, occasion: String) async throws -> Response {
        guard verifier.configuration.countries.contains(wanted.phone.countryCode) else {
            throw verifier.refused(.foreign(verifier.configuration.countries))
        }
        var request = VerificationRequest(phone: wanted.phone.digits, apiKeyID: Self.keyID)
        request.locale = wanted.locale
        request.network = wanted.network
        request.reference = wanted.user
        _ = try await verifier.send(.init(code: wanted.code, occasion: occasion), request)
        return .json(Array("{}".utf8))
    }

    /// A name for a body, that says nothing of the code in it to whoever reads the database: the time and ids of the request
    /// are in it as well.
    private static func occasion(_ body: [UInt8]) -> String {
        "supabase:" + Base64URL.encode(Array(SHA256.hash(data: body)).prefix(24))
    }

    private static func error(_ code: Int, _ message: String, status: HTTPResponse.Status = .ok) -> Response {
        let document = JSONWriter.object { answer in
            answer.name("error")
            answer.object { answer in
                answer.member("http_code", code)
                answer.member("message", message)
            }
        }
        return .json(document, status: status)
    }
}

extension StandardWebhook {
    fileprivate init?(_ headers: HTTPFields) {
        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        guard let id = field("webhook-id"), let timestamp = field("webhook-timestamp"),
            let signature = field("webhook-signature")
        else { return nil }
        self.init(id: id, timestamp: timestamp, signature: signature)
    }
}

/// What Supabase asks for.
///
/// Members that nobody here knows are none of our business: each version adds some.
struct SupabaseRequest: Sendable {
    struct Failure: Error {
        var status: Int
        var sentence: String
    }

    var phone: PhoneNumber
    var code: String
    var locale: String?
    /// The network of the user, where Supabase says it.
    var network: String?
    /// Supabase's id of the user.
    var user: String?

    init(_ body: [UInt8]) throws(Failure) {
        guard let json = try? RequestJSON(body) else {
            throw Failure(status: 400, sentence: "The body is not JSON.")
        }
        let (user, sms) = (json["user"], json["sms"])
        guard let code = sms?["otp"]?.text, VerificationRules.isCode(code) else {
            throw Failure(status: 400, sentence: "`sms.otp` is not a code of 4 to 10 digits.")
        }
        // With a second factor the number is not the user's own; Supabase says it in `sms` then.
        let text = [sms?["phone"]?.text, user?["phone"]?.text].compactMap { $0?.isEmpty == false ? $0 : nil }.first
        // Supabase writes numbers with country code and without the plus.
        guard let text, let phone = try? PhoneNumber(internationalDigits: text) else {
            throw Failure(status: 400, sentence: "Neither `sms.phone` nor `user.phone` is a phone number.")
        }
        self.phone = phone
        self.code = code
        let words = user?["user_metadata"]
        locale = ["locale", "language", "lang"].lazy.compactMap { words?[$0]?.text }.first(
            where: VerificationRules.isLocale
        )
        network = json["metadata"]?["ip_address"]?.text.flatMap(ClientNetwork.of)
        self.user = user?["id"]?.text.flatMap {
            PlainText.problem($0, upTo: MessageRules.referenceLimit) == nil ? $0 : nil
        }
    }
}

extension RequestJSON {
    /// A member of an object; nil if there is none, or this is no object.
    fileprivate subscript(name: String) -> RequestJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
