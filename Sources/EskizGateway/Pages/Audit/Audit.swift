import Eskiz
import EskizQueue

/// What somebody may do on the pages that leaves a line.
enum AuditAction: String, CaseIterable, Sendable {
    case renewToken = "token.renew"
    case cancel = "message.cancel"
    case resolve = "message.resolve"
    case replay = "message.replay"
    case unmask = "message.unmask"
    case cancelMany = "bulk.cancel"
    case notSentMany = "bulk.not_sent"
    case sendManyAgain = "bulk.send_again"
    case replayMany = "bulk.replay"
    /// Not by a person: codes of a group are refused, or would be.
    case closeGroup = "verify.close"
    case watchGroup = "verify.watch"
    case blockPrefix = "verify.block"
    case allowPrefix = "verify.allow"
    case forgetPrefix = "verify.forget"
    case suppress = "suppress.add"
    case unsuppress = "suppress.remove"
}

/// Writes down who did what.
///
/// ```swift
/// try await audit.write(session.identity, .renewToken, detail: "generation 7")
/// ```
struct Audit: Sendable {
    let store: any AuditStore
    let clock: any KeeperClock

    /// - Parameters:
    ///   - caller: whose key it was.
    ///   - action: what was done.
    ///   - message: to which message; nil if to none or many.
    ///   - detail: what else there is to know: no phone, no text, no secret.
    /// - Throws: what keeps the store from writing.
    func write(
        _ caller: APIKeyIdentity,
        _ action: AuditAction,
        message: MessageID? = nil,
        detail: String? = nil
    ) async throws(StoreError) {
        try await store.audit(
            AuditLine(
                at: clock.timestamp,
                keyID: caller.id,
                keyName: caller.name,
                action: action.rawValue,
                messageID: message,
                detail: detail
            )
        )
    }
}
