import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Posts messages from many clients at once, as fast as they are answered or at a rate.
struct Accepts {
    let gateway: String
    let key: String
    let lane: String
    let clients: Int
    let messages: Int
    let rate: Int

    init(_ options: Options) {
        gateway = options.text("gateway")
        key = options.text("key")
        lane = options.text("lane").isEmpty ? "transactional" : options.text("lane")
        clients = options.number("clients", or: 64)
        messages = options.number("messages", or: 10_000)
        rate = options.number("rate")
    }

    func run() async throws {
        var settings = HTTPClient.Configuration()
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = clients
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: settings)
        let next = Counter()
        let started = monotonic()
        let results = await withTaskGroup(of: (times: [Int64], failures: Int).self) { group in
            for _ in 0..<clients {
                group.addTask { await self.work(client, next, started) }
            }
            var all: (times: [Int64], failures: Int) = ([], 0)
            for await part in group {
                all.times += part.times
                all.failures += part.failures
            }
            return all
        }
        let seconds = Double(monotonic() - started) / 1e9
        try await client.shutdown()
        let perSecond = Double(results.times.count) / seconds
        print(
            "{\"accepted\":\(results.times.count),\"failures\":\(results.failures),\"per_second\":\(perSecond),"
                + Percentiles(results.times).json + "}"
        )
    }

    private func work(_ client: HTTPClient, _ next: Counter, _ started: Int64) async -> (
        times: [Int64], failures: Int
    ) {
        var times: [Int64] = []
        var failures = 0
        while true {
            let number = next.take()
            guard number < messages else { return (times, failures) }
            // With a rate, a message has its own moment, and a late one is measured from that moment on.
            var begun = monotonic()
            if rate > 0 {
                let moment = started + Int64(number) * 1_000_000_000 / Int64(rate)
                if moment > begun { try? await Task.sleep(for: .nanoseconds(moment - begun)) }
                begun = moment
            }
            var request = HTTPClientRequest(url: gateway + "/v1/messages")
            request.method = .POST
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: Self.body(number, lane: lane)))
            do {
                let response = try await client.execute(request, timeout: .seconds(30))
                _ = try await response.body.collect(upTo: 1 << 16)
                if response.status == .accepted { times.append(monotonic() - begun) } else { failures += 1 }
            } catch {
                failures += 1
            }
        }
    }

    static func body(_ number: Int, lane: String) -> String {
        let digits = String(1_000_000 + number % 1_000_000).dropFirst()
        return
            #"{"to":"+99890\#(number % 10)\#(digits)","text":"Sizning tasdiqlash kodingiz: \#(digits)","lane":"\#(lane)"}"#
    }
}

/// Numbers, each given out once.
private final class Counter: Sendable {
    private let value = Atomic(0)

    func take() -> Int {
        value.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
