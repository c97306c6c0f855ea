import Crypto
import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What makes two sends of Eskiz's API the same one: the client's `Idempotency-Key`, or its `user_sms_id` for the same phone
/// and text within a day.
///
/// Pure.
struct Repetition: Sendable {
    /// The names under which the store remembers it, the one for now first.
    let names: [String]
    let fingerprint: [UInt8]
    /// The client promised that the key means one request; a number of its own promises less.
    let isPromised: Bool

    /// How many sends in vain are remembered under one name.
    static let limit = 16

    private static let day: Int64 = 86_400_000

    init?(
        key: String?,
        orders: [EskizSendRequest],
        dispatchID: Int64?,
        isBatch: Bool,
        byUserSMSID: Bool,
        at now: Timestamp
    ) throws(EskizSendRequest.Refusal) {
        if let key {
            guard MessageRules.isIdempotencyKey(key) else {
                throw EskizSendRequest.Refusal(
                    message: "Idempotency-Key is invalid: it has 1 to 255 visible ASCII characters."
                )
            }
            var digest = SHA256()
            digest.update(isBatch ? "batch" : "single")
            digest.update(dispatchID.map(String.init))
            for order in orders {
                for part in [order.phone, order.text, order.sender, order.userSMSID, order.callbackURL] {
                    digest.update(part)
                }
            }
            fingerprint = Array(digest.finalize())
            names = ["eskiz:\(key)"]
            isPromised = true
            return
        }
        guard byUserSMSID, !isBatch, let order = orders.first, let id = order.userSMSID else { return nil }
        var digest = SHA256()
        for part in [id, order.phone, order.text] { digest.update(part) }
        fingerprint = Array(digest.finalize())
        let name = Base64URL.encode(fingerprint)
        let today = now.milliseconds / Self.day
        // A day may have begun yesterday.
        names = [today, today - 1].map { "eskiz-id:\(name):\($0)" }
        isPromised = false
    }

    /// A key of the store.
    ///
    /// What was certainly not sent is sent when it is asked for again, under the next number.
    func key(_ name: String, number: Int, of identity: APIKeyIdentity) -> IdempotencyKey {
        IdempotencyKey(
            apiKeyID: identity.id,
            key: number == 0 ? name : "\(name)#\(number)",
            fingerprint: fingerprint
        )
    }

    /// Whether a message that came before answers for this one.
    func isAnswered(by message: Message, at now: Timestamp) -> Bool {
        if !isPromised, (now - message.createdAt).wholeMilliseconds >= Self.day { return false }
        switch message.state {
        case .expired, .cancelled: return false
        // Eskiz's refusal is the first result of a key; by its own number a client simply tries again.
        case .failed: return isPromised
        case .scheduled, .queued, .sending, .unknown, .submitted, .delivered, .undelivered: return true
        }
    }
}

extension EskizAnswer {
    /// As the store keeps it: the status, the type, and the body.
    var remembered: [UInt8] {
        let type = headers.first { $0.name == "Content-Type" }?.value ?? "application/json"
        return Array("\(status) \(type)\n".utf8) + body
    }

    /// What was kept; nil for something else.
    init?(remembered bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
        let parts = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let status = Int(parts[0]) else { return nil }
        self.init(
            status: status,
            headers: [TransportHeader("Content-Type", String(parts[1]))],
            body: Array(bytes[(end + 1)...])
        )
    }
}
