/// Where a server listens: `HOST:PORT` with IPv6 in brackets, `*:PORT` for all addresses of both families, or
/// `unix:/path` for a socket in the file system.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Place: Sendable, Hashable {
        case host(String, port: Int)
        case socket(path: String)
    }

    package let place: Place

    package init(host: String, port: Int) {
        place = .host(host, port: port)
    }

    /// A socket in the file system, by its path from the root.
    package init(socket path: String) {
        place = .socket(path: path)
    }

    /// The longest path that a socket can have: what `sockaddr_un` holds, but for the end.
    package static let longestPath = 107

    /// Reads what somebody wrote; nil if it is no address.
    package init?(text: String) {
        if text.hasPrefix("unix:") {
            var path = text.dropFirst("unix:".count)
            // unix:///run/eskiz.sock is what clients of other makes write.
            if path.hasPrefix("//") { path = path.dropFirst(2) }
            guard path.hasPrefix("/"), path.utf8.count > 1, path.utf8.count <= Self.longestPath, !path.contains("\0")
            else { return nil }
            self.init(socket: String(path))
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits), port <= 65535
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        // `:9080` means this machine here, and not every interface as it does elsewhere.
        self.init(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
    }

    /// All addresses of both families.
    package static let everywhere = "*"

    package var description: String {
        switch place {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): "unix:\(path)"
        }
    }

    /// Nil for a socket in the file system.
    package var port: Int? {
        guard case .host(_, let port) = place else { return nil }
        return port
    }

    /// Where a client on this machine finds it: `http://127.0.0.1:8080`, `unix:/run/eskiz/eskiz.sock`.
    package var url: String {
        switch place {
        case .host(Self.everywhere, let port), .host("0.0.0.0", let port): "http://127.0.0.1:\(port)"
        case .host("::", let port): "http://[::1]:\(port)"
        case .host: "http://\(description)"
        case .socket: description
        }
    }

    /// This place with the port that the system has picked.
    package func listening(port: Int?) -> ListenAddress {
        switch place {
        case .host(let host, let asked): ListenAddress(host: host, port: port ?? asked)
        case .socket: self
        }
    }
}
