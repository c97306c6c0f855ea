import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Eskiz in memory: accepts sends with the token of the day, and hands out the next one when asked.
actor Provider: HTTPTransport {
    private(set) var requests = 0
    private(set) var renewals = 0
    /// When the answer to the last renewal left.
    private(set) var renewalAnsweredAt: ContinuousClock.Instant?
    private var authorization = ""
    // Made once, so that what is measured is the client's own work.
    private static let sendURL = BaseURL.eskiz.appending("message/sms/send")
    private static let rejection = answer(401, #"{"message":"Expired"}"#)
    private static let receipt = answer(
        200,
        #"{"id":"5b1f0c6e-1111-4222-8333-944455566677","message":"Waiting for SMS provider","status":"waiting"}"#
    )
    private var isHolding = false
    private var held: [CheckedContinuation<Void, Never>] = []

    /// A token as Eskiz makes them, good for 30 days; its signature is not one.
    static func token(_ number: Int) -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = #"{"exp":\#(now + 30 * 86_400),"iat":\#(now),"role":"user","sign":"\#(number)","sub":"101"}"#
        return [#"{"alg":"HS256","typ":"JWT"}"#, claims, "signature \(number)"]
            .map { part in
                Data(part.utf8).base64EncodedString()
                    .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
            .joined(separator: ".")
    }

    func accept(_ token: String) {
        authorization = "Bearer \(token)"
    }

    func holdRenewals() {
        isHolding = true
    }

    func releaseRenewals() {
        isHolding = false
        for continuation in held { continuation.resume() }
        held = []
    }

    func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        requests += 1
        guard request.url == Self.sendURL else { return await renew() }
        guard request.headers.contains(where: { $0.name == "Authorization" && $0.value == authorization }) else {
            return Self.rejection
        }
        return Self.receipt
    }

    func shutdown() async {}

    private func renew() async -> TransportResponse {
        renewals += 1
        if isHolding { await withCheckedContinuation { held.append($0) } }
        let token = Self.token(2)
        accept(token)
        defer { renewalAnsweredAt = .now }
        return Self.answer(
            200,
            #"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#
        )
    }

    private static func answer(_ status: Int, _ body: String) -> TransportResponse {
        TransportResponse(
            status: status,
            headers: [TransportHeader("content-type", "application/json")],
            body: Array(body.utf8)
        )
    }
}
