/// The path below which a server is reached through a proxy: `/sms` of `https://example.test/sms`.
///
/// Proxies differ: some take it off before they pass a request on, some do not. Both are understood.
///
/// ```swift
/// let base = BasePath(argument: "/sms")!
/// base.stripped("/sms/v1/messages")       // "/v1/messages"
/// base.stripped("/v1/messages")           // "/v1/messages"
/// ```
package struct BasePath: Sendable, Hashable {
    /// Without a slash at its end; empty for none.
    package let text: String

    /// At the root, as without a proxy.
    package static let root = BasePath(text: "")

    /// The first segments of addresses that a gateway has itself.
    ///
    /// Behind a proxy that strips, nobody could tell `/api` below `/api` from `/api` itself.
    private static let taken: Set<Substring> = [
        "api", "assets", "audit", "bulk", "callbacks", "healthz", "live", "messages", "metrics", "openapi.json",
        "readyz", "sign-in", "sign-out", "token", "v1",
    ]

    private init(text: String) {
        self.text = text
    }

    /// As people write it, with or without slashes at its ends; nil for what is no path, or one of our own.
    package init?(argument: String) {
        var path = argument[...]
        while path.hasSuffix("/") { path.removeLast() }
        if path.hasPrefix("/") { path.removeFirst() }
        guard !path.isEmpty else {
            guard !argument.isEmpty else { return nil }
            self = .root
            return
        }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.utf8.count <= 200, segments.allSatisfy(Self.isPlain), let first = segments.first,
            !Self.taken.contains(first)
        else { return nil }
        text = "/" + path
    }

    /// Unreserved characters only (RFC 3986 §2.3): every program writes these alike.
    private static func isPlain(_ segment: Substring) -> Bool {
        !segment.isEmpty && segment != "." && segment != ".."
            && segment.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._~".utf8.contains(byte)
            }
    }

    package var isRoot: Bool { text.isEmpty }

    /// For the attribute `Path` of a cookie.
    package var cookiePath: String { isRoot ? "/" : text }

    /// A path and query of a request without this path, if it begins with it.
    package func stripped(_ target: String) -> String {
        guard !isRoot, target.hasPrefix(text) else { return target }
        let rest = target.dropFirst(text.count)
        guard let next = rest.first else { return "/" }
        if next == "/" { return String(rest) }
        // `/smsx` is somebody else's.
        return next == "?" ? "/" + rest : target
    }

    /// An address on this host as the outside knows it; any other stays as it is.
    package func outside(_ path: String) -> String {
        path.hasPrefix("/") && !path.hasPrefix("//") ? text + path : path
    }

    /// The public address of the server: `url` with this path, unless it has one already.
    ///
    /// An address with another path is taken at its word: somebody has a way of their own to us.
    package func publicAddress(_ url: String) -> String {
        guard !isRoot, let host = url.firstRange(of: "://")?.upperBound else { return url }
        var bare = url[...]
        while bare.hasSuffix("/"), bare.endIndex > host { bare.removeLast() }
        return bare[host...].contains("/") ? url : bare + text
    }
}
