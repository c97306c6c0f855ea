import EskizHTTP
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes state-changing calls with JSON only.
///
/// A form on somebody's web page, or a server that was talked into fetching an address, cannot send this content type:
/// so neither can send an SMS, even from a machine on which the gateway listens on loopback (gateway.md §A5).
struct JSONBodyRequirement: RouterMiddleware {
    typealias Context = GatewayContext

    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let field = request.headers[.contentType], Self.isJSON(field) else {
            throw Problem(
                .unsupportedMediaType,
                "Send `Content-Type: application/json`, and `{}` if there is nothing to say."
            )
        }
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(.unsupportedMediaType, "Send the body as it is, without Content-Encoding.")
        }
        return try await next(request, context)
    }

    /// `application/json`, with or without `charset=utf-8`.
    static func isJSON(_ field: String) -> Bool {
        if field == "application/json" { return true }
        var parts = field.lowercased().split(separator: ";", omittingEmptySubsequences: false)[...]
        guard trimmed(parts.removeFirst()) == "application/json" else { return false }
        return parts.allSatisfy { part in
            let pair = part.split(separator: "=", maxSplits: 1).map(trimmed)
            guard pair.first == "charset" else { return true }
            return pair.count == 2 && (pair[1] == "utf-8" || pair[1] == "\"utf-8\"")
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

extension Request {
    /// The body as JSON; an empty one is an empty object where `emptyIsObject` says so.
    func json(emptyIsObject: Bool = false) async throws -> RequestJSON {
        let bytes = try await bytes()
        if bytes.isEmpty, emptyIsObject { return .object([]) }
        do {
            return try RequestJSON(bytes)
        } catch {
            throw Problem(.invalidJSON, error.sentence)
        }
    }

    private func bytes() async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > GatewayContext.bodyLimit {
            throw Problem.bodyTooLarge
        }
        let buffer = try await body.collect(upTo: GatewayContext.bodyLimit)
        return Array(buffer.readableBytesView)
    }
}
