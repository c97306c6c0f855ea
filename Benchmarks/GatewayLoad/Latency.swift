import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// From the first byte of our request to its arrival at the provider, one code at a time.
///
/// The provider is in this process, so that both moments are of one clock.
struct Latency {
    let gateway: String
    let key: String
    let provider: Int
    let messages: Int
    let every: Int

    init(_ options: Options) {
        gateway = options.text("gateway")
        key = options.text("key")
        provider = options.number("provider")
        messages = options.number("messages", or: 500)
        every = options.number("every", or: 10)
    }

    func run() async throws {
        let stub = ProviderStub(delay: .milliseconds(5))
        let port = provider
        let server = Task { try await stub.run(port: port) }
        defer { server.cancel() }
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        // The first ones warm up connections and caches on both sides. The gateway was there before its provider: only when
        // all of them have arrived does it know that the provider is back.
        let first = try await send(50, through: client)
        while first.contains(where: { stub.arrival(of: $0.id) == nil }) { try await Task.sleep(for: .milliseconds(50)) }
        let sent = try await send(messages, through: client)
        try await Task.sleep(for: .seconds(1))
        try await client.shutdown()
        let times = sent.compactMap { message in stub.arrival(of: message.id).map { $0 - message.at } }
        print("{\"sent\":\(sent.count),\"arrived\":\(times.count)," + Percentiles(times).json + "}")
    }

    /// One after the other: our numbers, and when their first byte left.
    private func send(_ count: Int, through client: HTTPClient) async throws -> [(id: String, at: Int64)] {
        var sent: [(id: String, at: Int64)] = []
        for number in 0..<count {
            try await Task.sleep(for: .milliseconds(every))
            var request = HTTPClientRequest(url: gateway + "/v1/messages")
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: Self.body(number)))
            let begun = monotonic()
            let response = try await client.execute(request, timeout: .seconds(30))
            let body = String(buffer: try await response.body.collect(upTo: 1 << 16))
            guard response.status == .accepted, let id = Self.id(in: body) else { continue }
            sent.append((id, begun))
        }
        return sent
    }

    private static func id(in body: String) -> String? {
        guard let start = body.firstRange(of: "\"id\":\"") else { return nil }
        return String(body[start.upperBound...].prefix { $0 != "\"" })
    }

    private static func body(_ number: Int) -> String {
        let digits = String(1_000_000 + number % 1_000_000).dropFirst()
        return
            #"{"to":"+99890\#(number % 10)\#(digits)","text":"Sizning tasdiqlash kodingiz: \#(digits)","lane":"otp"}"#
    }
}
