import EskizQueue
import HTTPTypes
import Hummingbird
import NIOCore

/// Numbers for Prometheus.
struct MetricsRoute: Sendable {
    /// The text format, as it is now.
    let metrics: @Sendable () async -> String

    func add(to reads: RouterGroup<GatewayContext>) {
        reads.get("/metrics") { request, context in
            _ = try context.require(.read)
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            headers[.cacheControl] = "no-store"
            return Response(
                status: .ok,
                headers: headers,
                body: .init(byteBuffer: ByteBuffer(string: await metrics()))
            )
        }
    }
}
