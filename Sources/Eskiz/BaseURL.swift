/// Where the API lives: `https://notify.eskiz.uz/api`, a gateway of your own, or the simulator.
///
/// What is typed is brought into one form: the scheme and the host in lower case, no doubled and no trailing slashes.
/// An address without a path gets `/api`, because everything that speaks Eskiz's API speaks it under `/api`:
/// `https://notify.eskiz.uz` and `https://notify.eskiz.uz/api/` are the same.
///
/// `https` is required, because the bearer token travels in clear otherwise; plain `http` is accepted for this machine
/// only (`localhost`, `127.0.0.0/8`, `::1`), and, for development, for hosts that are named on purpose
/// (`ESKIZ_INSECURE_HOSTS`).
///
/// ```swift
/// let simulator = try BaseURL("http://127.0.0.1:9080/api")
/// ```
public struct BaseURL: Sendable, Hashable {
    /// `https` or `http`.
    public let scheme: String
    /// The host in lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port, where one was given.
    public let port: Int?
    /// The path: empty, or with a leading and without a trailing slash.
    public let path: String
    /// True for `localhost`, `127.0.0.0/8` and `::1`.
    public let isLoopback: Bool
    /// The address in its one form.
    public let absoluteString: String

    /// True where token and texts travel in clear over a network.
    package var isInsecure: Bool { scheme == "http" && !isLoopback }

    /// Eskiz itself, `https://notify.eskiz.uz/api` (eskiz-api.md §1).
    public static let eskiz = BaseURL(scheme: "https", host: "notify.eskiz.uz", port: nil, path: "/api")

    /// Parses an address.
    ///
    /// - Parameters:
    ///   - text: the address.
    ///   - insecureHosts: hosts that plain `http` is allowed to, for development.
    /// - Throws: ``EskizError`` with the code `invalid_configuration` and a sentence that says what is wrong.
    public init(_ text: String, insecureHosts: Set<String> = []) throws(EskizError) {
        do {
            self = try Self(parsing: text, insecureHosts: insecureHosts)
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "The base URL cannot be used: \(error.reason).",
                remedy: "Give something like \(Self.eskiz.absoluteString)."
            )
        }
    }

    /// Reads an address; the error is a bare reason, for a report that lists several settings.
    init(parsing text: String, insecureHosts: Set<String> = []) throws(BadSetting) {
        let address = try WebAddress(text)
        guard address.userInformation == nil else {
            throw BadSetting("it must not hold a user name or a password")
        }
        guard !address.hasQuery else { throw BadSetting("it must not have a query") }
        guard !address.hasFragment else { throw BadSetting("it must not have a fragment") }
        guard let scheme = address.scheme else {
            throw BadSetting("it must start with https://")
        }
        guard scheme == "https" || scheme == "http" else {
            throw BadSetting("the scheme must be https, not \(scheme)")
        }
        let segments = address.path.split(separator: "/")
        guard segments.allSatisfy(Self.isPlain) else {
            throw BadSetting("its path holds a dot segment or a character that must be percent-encoded")
        }
        let path = segments.isEmpty ? "/api" : segments.map { "/" + $0 }.joined()
        self.init(scheme: scheme, host: address.host, port: address.port, path: path)
        guard scheme == "https" || isLoopback || insecureHosts.contains(where: { $0.lowercased() == host }) else {
            throw BadSetting(
                "plain http is allowed for this machine only (127.0.0.1, ::1, localhost); use https, or name \(host) in "
                    + "ESKIZ_INSECURE_HOSTS for development"
            )
        }
    }

    private init(scheme: String, host: String, port: Int?, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.isLoopback = Self.isLoopback(host)
        let authority = host.contains(":") ? "[\(host)]" : host
        self.absoluteString = "\(scheme)://\(authority)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    /// The address of an endpoint: `path` is relative, query values are percent-encoded here.
    package func appending(_ path: String, query: [(String, String)] = []) -> String {
        var address = absoluteString
        address.reserveCapacity(address.utf8.count + path.utf8.count + 1)
        address += "/"
        address += path
        guard !query.isEmpty else { return address }
        return address + "?" + WireCoding.form(query)
    }

    /// A segment of a path that every program reads alike: RFC 3986 `pchar`, and neither `.` nor `..`.
    private static func isPlain(_ segment: Substring) -> Bool {
        guard let decoded = WireCoding.percentDecoded(String(segment)), decoded != ".", decoded != ".." else {
            return false
        }
        return segment.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || "-._~!$&'()*+,;=:@%".utf8.contains(byte)
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" { return true }
        return IPv4Address(host).map { $0.octets.0 == 127 } ?? false
    }
}

extension BaseURL: CustomStringConvertible {
    /// The address in its one form.
    public var description: String { absoluteString }
}

/// A dotted quad, and nothing looser: `127.1` and `0x7f.0.0.1` are names to us, so they never count as loopback.
struct IPv4Address {
    let octets: (UInt8, UInt8, UInt8, UInt8)

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let octet = UInt8(part)
            else { return nil }
            octets.append(octet)
        }
        self.octets = (octets[0], octets[1], octets[2], octets[3])
    }

    var bits: UInt32 {
        UInt32(octets.0) << 24 | UInt32(octets.1) << 16 | UInt32(octets.2) << 8 | UInt32(octets.3)
    }
}
