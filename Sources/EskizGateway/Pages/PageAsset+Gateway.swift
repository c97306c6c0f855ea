import EskizPages
import HTTPTypes
import Hummingbird
import NIOCore

extension PageAsset {
    static let style = PageAsset.style(
        "gateway.css",
        [
            PackageResources.gateway_frame_css, PackageResources.gateway_overview_css,
            PackageResources.gateway_messages_css, PackageResources.gateway_codes_css,
        ],
        small: [PackageResources.gateway_overview_small_css, PackageResources.gateway_messages_small_css]
    )
    static let script = PageAsset.script("gateway.js", PackageResources.gateway_js)

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
