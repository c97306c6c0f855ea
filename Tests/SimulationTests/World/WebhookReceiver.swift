import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting

/// The applications that want to hear of their messages.
struct WebhookReceiver: Sendable {
    let time: SimulatedTime
    let witness: Witness
    /// By installation: milliseconds of the world in which they do not answer.
    let deaf: [Range<Int64>]

    func receive(_ body: [UInt8], from installation: Int) async throws(WebhookFailure) -> TransportResponse {
        if deaf[installation].contains(time.milliseconds) {
            await time.pass(.milliseconds(300))
            throw WebhookFailure("The receiver refuses connections.")
        }
        await time.pass(.milliseconds(5))
        // {"type":"message.delivered",…,"data":{"id":"123"}}
        let text = String(decoding: body, as: UTF8.self)
        guard let state = Self.word(after: #""type":"message."#, in: text).flatMap({ MessageState(rawValue: $0) }),
            let number = Self.word(after: #""data":{"id":""#, in: text)
        else { return TransportResponse(status: 400) }
        witness.trace("\(installation) told \(number) \(state.rawValue)")
        witness.write { $0.change(.init(number, of: installation)) { $0.told.insert(state) } }
        return TransportResponse(status: 200)
    }

    private static func word(after mark: String, in text: String) -> String? {
        text.firstRange(of: mark).map { String(text[$0.upperBound...].prefix { $0 != "\"" }) }
    }
}

/// The network of one process to them.
struct WorldWebhookTransport: WebhookTransport {
    let receiver: WebhookReceiver
    let life: Life
    let installation: Int

    func post(_ request: WebhookRequest) async throws(WebhookFailure) -> TransportResponse {
        guard !life.isOver else { throw WebhookFailure("This process is dead.") }
        return try await receiver.receive(request.body, from: installation)
    }

    func shutdown() async {}
}

/// Receivers of this world have plain addresses.
struct NoResolver: HostResolver {
    func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        throw WebhookFailure("There are no names here.")
    }
}
