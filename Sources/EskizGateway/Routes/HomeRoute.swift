import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /` until there is a page: what this is, and where to go.
///
/// Needs no key and says nothing that one would be needed for.
struct HomeRoute: Sendable {
    private static let text = """
        eskiz gateway

        POST /v1/messages      send a message          GET /v1/messages/{id}   what became of it
        GET  /v1/events        everything, as it happens
        GET  /openapi.json     the whole API           GET /metrics            numbers for Prometheus
        GET  /healthz, /readyz                         /api                    Eskiz's own API, for its clients

        Everything but /healthz and /readyz needs a key: Authorization: Bearer … (`eskiz keys add NAME` makes one).

        """

    func add(to router: Router<GatewayContext>) {
        router.get("/") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: Self.text))
            )
        }
    }
}
