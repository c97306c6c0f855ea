import Eskiz

/// A transport that keeps the request of a send instead of sending it, so that a bare client can make the very same.
actor Recorder: HTTPTransport {
    private var request: TransportRequest?
    private let network = AsyncHTTPClientTransport()

    static func sendRequest(
        _ configuration: EskizConfiguration,
        text: String,
        phone: String
    ) async throws -> TransportRequest {
        let recorder = Recorder()
        let client = try EskizClient(configuration: configuration, transport: recorder)
        _ = try await client.send(text, to: phone)
        await client.shutdown()
        await recorder.network.shutdown()
        guard let request = await recorder.request else { throw NothingRecorded() }
        return request
    }

    func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if request.url.hasSuffix("/message/sms/send") { self.request = request }
        return try await network.execute(request)
    }

    func shutdown() async {}
}

struct NothingRecorded: Error {}
