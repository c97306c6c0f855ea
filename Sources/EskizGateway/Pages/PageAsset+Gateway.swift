import EskizPages
import HTTPTypes
import Hummingbird
import NIOCore

extension PageAsset {
    static let style = PageAsset(name: "gateway.css", contentType: "text/css; charset=utf-8", text: GatewayStyle.text)
    static let script = PageAsset(
        name: "gateway.js",
        contentType: "text/javascript; charset=utf-8",
        text: GatewayScript.text
    )

    static let all = [style, script, icon]

    /// The file, or 304 when the browser has it; nil if there is none of that name.
    static func answer(_ name: String, _ request: Request) -> Response? {
        guard let asset = all.first(where: { $0.name == name }) else { return nil }
        var headers = HTTPFields()
        headers[.contentType] = asset.contentType
        headers[.eTag] = asset.validator
        headers[.cacheControl] = asset.caching(version: request.uri.queryParameters["v"].map(String.init))
        if let name = HTTPField.Name("X-Content-Type-Options") { headers[name] = "nosniff" }
        if asset.isKnown(by: request.headers[.ifNoneMatch]) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.body)))
    }
}
