import Eskiz
import EskizQueue
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request of one process on its way.
struct Wire: Sendable {
    var request: TransportRequest
    var installation: Int
    /// Which process sent it.
    var process: String
    let time: SimulatedTime
    let life: Life

    /// Time passes while the process waits; a process that is dead hears nothing.
    func pass(_ duration: Duration) async throws(TransportError) {
        await time.pass(duration)
        guard !Task.isCancelled, !life.isOver else { throw TransportError(.cancelled, progress: .sent) }
    }
}

/// The network of one process: it leads to the provider of the world.
struct WorldTransport: HTTPTransport {
    let provider: SimulatedProvider
    let life: Life
    let installation: Int
    let process: String

    func shutdown() async {}

    func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        guard !life.isOver else { throw TransportError(.cancelled, progress: .notSent) }
        let wire = Wire(request: request, installation: installation, process: process, time: provider.time, life: life)
        if request.url.contains("message/sms/send-batch") {
            guard let batch = try? JSONDecoder().decode(Batch.self, from: Data(request.body)) else {
                return provider.json(400, #"{"message":"not a batch","status":"error"}"#)
            }
            let orders = batch.messages.map {
                SimulatedProvider.Order(number: $0.user_sms_id, phone: String($0.to), text: $0.text)
            }
            return try await provider.send(orders, isBatch: true, callbackURL: batch.callback_url, wire)
        }
        if request.url.contains("message/sms/send") {
            let form = SimulatedProvider.form(request.body)
            let order = SimulatedProvider.Order(
                number: form["user_sms_id"] ?? "",
                phone: form["mobile_phone"] ?? "",
                text: form["message"] ?? ""
            )
            return try await provider.send([order], isBatch: false, callbackURL: form["callback_url"], wire)
        }
        if request.url.contains("get-user-messages") { return try await provider.list(wire) }
        if request.url.contains("status_by_id/") { return try await provider.record(wire) }
        if request.url.contains("auth/") { return try await provider.issueToken(wire) }
        return provider.json(200, #"{"status":"success"}"#)
    }

    private struct Batch: Decodable {
        struct Message: Decodable {
            var user_sms_id: String
            var to: Int64
            var text: String
        }
        var messages: [Message]
        var callback_url: String?
    }
}
