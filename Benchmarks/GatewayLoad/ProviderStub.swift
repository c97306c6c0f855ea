import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Takes every message after a delay, and remembers when each came in.
final class ProviderStub: Sendable {
    private let delay: Duration
    /// Our numbers and when their request reached this process.
    private let arrivals = Mutex<[String: Int64]>([:])
    private let order = Mutex<(first: Int64, last: Int64, count: Int)>((0, 0, 0))

    init(delay: Duration) {
        self.delay = delay
    }

    func arrival(of number: String) -> Int64? {
        arrivals.withLock { $0[number] }
    }

    func run(port: Int) async throws {
        let router = Router()
        // A token with a far end: {"exp":4102444800,"iat":1767225600,"role":"user","sub":"example"}, signed by nobody.
        let token =
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDAsImlhdCI6MTc2NzIyNTYwMCwicm9sZSI6InVzZXIiLCJzdWIiOiJleGFtcGxlIn0.aaaa"
        router.post("api/auth/login") { _, _ in
            Self.json(#"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#)
        }
        router.post("api/message/sms/send") { request, _ in
            let now = monotonic()
            let body = try await request.body.collect(upTo: 1 << 16)
            if let number = Self.field("user_sms_id", in: String(buffer: body)) {
                self.arrivals.withLock { $0[number] = now }
            }
            self.order.withLock { order in
                if order.count == 0 { order.first = now }
                order.last = now
                order.count += 1
            }
            if self.delay > .zero { try await Task.sleep(for: self.delay) }
            return Self.json(
                #"{"id":"5b1f0c6e-1111-4222-8333-\#(String(now % 1_000_000_000_000))","message":"Waiting for SMS provider","status":"waiting"}"#
            )
        }
        router.get("stats") { _, _ in
            let order = self.order.withLock { $0 }
            return Self.json(#"{"count":\#(order.count),"seconds":\#(Double(order.last - order.first) / 1e9)}"#)
        }
        router.post("stats/reset") { _, _ in
            self.order.withLock { $0 = (0, 0, 0) }
            self.arrivals.withLock { $0 = [:] }
            return Self.json("{}")
        }
        var logger = Logger(label: "provider")
        logger.logLevel = .error
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { _ in say("listening http://127.0.0.1:\(port)") },
            logger: logger
        )
        try await application.runService()
    }

    private static func json(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private static func field(_ name: String, in form: String) -> String? {
        for pair in form.split(separator: "&") where pair.hasPrefix(name + "=") {
            return String(pair.dropFirst(name.count + 1))
        }
        return nil
    }
}
