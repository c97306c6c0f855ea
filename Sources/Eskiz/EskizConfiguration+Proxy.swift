extension EskizConfiguration {
    /// A proxy on the way to Eskiz.
    ///
    /// HTTP proxies are asked for a tunnel (`CONNECT`), so they see the host name and nothing else; SOCKS 5 proxies likewise.
    /// The user name and the password of the proxy are never printed.
    ///
    /// ```swift
    /// configuration.proxy = try EskizConfiguration.Proxy("http://proxy.example.test:3128")
    /// ```
    public struct Proxy: Sendable, Hashable {
        /// How the proxy is spoken to.
        public enum Kind: String, Sendable, Hashable {
            /// An HTTP proxy with `CONNECT`.
            case http
            /// A SOCKS 5 proxy that resolves names itself.
            case socks5
        }

        /// How the proxy is spoken to.
        public let kind: Kind
        /// Its host name or address.
        public let host: String
        /// Its port.
        public let port: Int
        /// `user:password`, decoded; sent as `Proxy-Authorization: Basic`.
        public let credentials: Redacted<String>?

        /// Parses `http://host:port`, `http://user:password@host:port`, `host:port` or `socks5://host:port`.
        ///
        /// - Throws: ``EskizError`` with the code `invalid_configuration`.
        public init(_ text: String) throws(EskizError) {
            do {
                try self.init(parsing: text)
            } catch {
                throw EskizError(
                    .invalidConfiguration,
                    "The proxy cannot be used: \(error.reason).",
                    remedy: "Give something like http://proxy.example.test:3128."
                )
            }
        }

        init(parsing text: String) throws(BadSetting) {
            let address = try WebAddress(text)
            switch address.scheme {
            case nil, "http": kind = .http
            case "socks5", "socks5h": kind = .socks5
            case "https": throw BadSetting("proxies that are themselves reached over TLS (https://) are not supported")
            default: throw BadSetting("its scheme must be http or socks5")
            }
            host = address.host
            port = address.port ?? (kind == .http ? 80 : 1080)
            if let userInformation = address.userInformation {
                guard kind == .http else { throw BadSetting("a user name for a SOCKS proxy is not supported") }
                guard let decoded = WireCoding.percentDecoded(userInformation), decoded.utf8.allSatisfy({ $0 >= 0x20 })
                else {
                    throw BadSetting("its user name or password is not properly percent-encoded")
                }
                credentials = Redacted(decoded.contains(":") ? decoded : decoded + ":")
            } else {
                credentials = nil
            }
        }

        /// Which proxy the environment prescribes for an address, as curl and Go read it.
        ///
        /// `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`, in this order; an empty one counts as not set.
        /// `no_proxy`, `NO_PROXY` list what is reached directly: `*`, a host with its subdomains, an address, an IPv4 range
        /// (`10.0.0.0/8`), each with an optional port. This machine is always reached directly.
        ///
        /// - Throws: ``EskizError`` with the code `invalid_configuration` that names the variable, never its value.
        public static func fromEnvironment(
            _ environment: [String: String],
            for address: BaseURL
        ) throws(EskizError) -> EskizConfiguration.Proxy? {
            do {
                return try named(in: environment, for: address)
            } catch {
                throw EskizError(
                    .invalidConfiguration,
                    "\(error.name) cannot be used: \(error.setting.reason).",
                    remedy: "Correct it, or list \(address.host) in NO_PROXY."
                )
            }
        }

        /// A variable that cannot be used.
        struct BadVariable: Error {
            let name: String
            let setting: BadSetting
        }

        static func named(in environment: [String: String], for address: BaseURL) throws(BadVariable)
            -> EskizConfiguration.Proxy?
        {
            guard !address.isLoopback else { return nil }
            let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
            guard !ProxyExceptions(exceptions).covers(host: address.host, port: address.port ?? 443) else { return nil }
            for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
                guard let value = environment[name], !value.isEmpty else { continue }
                do {
                    return try EskizConfiguration.Proxy(parsing: value)
                } catch {
                    throw BadVariable(name: name, setting: error)
                }
            }
            return nil
        }
    }
}

extension EskizConfiguration.Proxy: CustomStringConvertible {
    /// Kind, host and port; never the credentials.
    public var description: String {
        "\(kind.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

/// The list in `NO_PROXY`.
struct ProxyExceptions {
    private let entries: [Substring]

    init(_ text: String) {
        entries = text.split { $0 == "," || $0 == " " || $0 == "\t" }
    }

    func covers(host: String, port: Int) -> Bool {
        entries.contains { Self.covers($0, host: host, port: port) }
    }

    private static func covers(_ entry: Substring, host: String, port: Int) -> Bool {
        if entry == "*" { return true }
        var name = entry.lowercased()[...]
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            let after = name[name.index(after: end)...]
            name = name[name.index(after: name.startIndex)..<end]
            if after.hasPrefix(":"), Int(after.dropFirst()) != port { return false }
        } else if name.count(where: { $0 == ":" }) == 1, let colon = name.firstIndex(of: ":") {
            guard Int(name[name.index(after: colon)...]) == port else { return false }
            name = name[..<colon]
        }
        if let slash = name.firstIndex(of: "/") {
            guard let base = IPv4Address(name[..<slash]), let length = Int(name[name.index(after: slash)...]),
                (0...32).contains(length), let address = IPv4Address(host)
            else { return false }
            let mask = length == 0 ? 0 : UInt32.max << (32 - UInt32(length))
            return base.bits & mask == address.bits & mask
        }
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        if name.hasPrefix(".") { name = name.dropFirst() }
        guard !name.isEmpty else { return false }
        return host == name || host.hasSuffix("." + name)
    }
}
