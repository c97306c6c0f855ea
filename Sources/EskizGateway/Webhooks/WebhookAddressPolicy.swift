import Eskiz

/// Which addresses the gateway may be made to post to (gateway.md §A5).
///
/// Whoever may send a message chooses where the gateway reports, so without this an application's key would open every
/// door inside of the network. It is asked twice: when a message is accepted, as far as the text of the address tells,
/// and when a connection is made, about the very address that is connected to. Pure.
package struct WebhookAddressPolicy: Sendable, Hashable {
    package var allowsPrivate: Bool
    package var allowsLoopback: Bool

    private static let longest = 2_048

    package init(allowsPrivate: Bool = false, allowsLoopback: Bool = false) {
        self.allowsPrivate = allowsPrivate
        self.allowsLoopback = allowsLoopback
    }

    package init(_ configuration: GatewayConfiguration) {
        self.init(
            allowsPrivate: configuration.allowsPrivateWebhooks,
            allowsLoopback: configuration.allowsLoopbackWebhooks
        )
    }

    /// Judges an address by its text: the scheme, the form, a literal IP address, the names of this machine.
    ///
    /// What a name leads to is judged by ``refusal(of:)`` when the time has come.
    @discardableResult
    package func accept(_ text: String) throws(WebhookAddressRefusal) -> WebhookAddress {
        guard text.utf8.count <= Self.longest else { throw .init("it is longer than \(Self.longest) characters") }
        let parsed: WebAddress
        do {
            parsed = try WebAddress(text)
        } catch {
            throw .init(error.reason.description)
        }
        guard let scheme = parsed.scheme, scheme == "https" || scheme == "http" else {
            throw .init("it must start with https:// or http://")
        }
        guard parsed.userInformation == nil else { throw .init("it must not hold a user name or a password") }
        let address = WebhookAddress(scheme: scheme, host: parsed.host, port: parsed.port, text: text)
        // A trailing dot says the same name in other words.
        let name = parsed.host.hasSuffix(".") ? String(parsed.host.dropLast()) : parsed.host
        if let literal = IPAddress(name) {
            if let refusal = refusal(of: literal) { throw refusal }
            return address
        }
        // 127.1, 2130706433 and 0x7f.1 are numbers to a resolver, and names to everybody who checks them.
        let last = name.split(separator: ".").last ?? ""
        guard !last.isEmpty, !last.utf8.allSatisfy(\.isDigit), !last.hasPrefix("0x") else {
            throw .init("its host is neither a name nor a plain IP address")
        }
        if !allowsLoopback, last == "localhost" { throw .loopback }
        return address
    }

    /// Why nobody is told anything at this address; nil if it is fine.
    func refusal(of address: IPAddress) -> WebhookAddressRefusal? {
        switch AddressKind(address) {
        case .global: nil
        case .loopback: allowsLoopback ? nil : .loopback
        case .private: allowsPrivate ? nil : .private
        case .metadata: .init("it leads to a cloud's metadata service, which is never allowed")
        case .unusable: .init("it leads to an address that is no host's (reserved, multicast, documentation)")
        }
    }
}

/// Why an address cannot be posted to.
package struct WebhookAddressRefusal: Error, Sendable, Hashable {
    /// Half a sentence, without the address.
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    static let loopback = Self("it leads to this machine, which the settings do not allow for webhooks")
    static let `private` = Self("it leads to a private network, which the settings do not allow for webhooks")
}

/// An address that passed: taken apart once, so that nobody reads it differently later.
package struct WebhookAddress: Sendable, Hashable {
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// The address in one spelling, without fragment.
    package let url: String

    init(scheme: String, host: String, port: Int?, text: String) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
        // What comes after the authority stays as it was written. By bytes: each message brings an address.
        let afterScheme = text.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst("://".utf8.count)
        let ends = "/?#".utf8
        let written = afterScheme.drop { !ends.contains($0) }.prefix { $0 != UInt8(ascii: "#") }
        let rest = written.isEmpty ? "/" : String(Substring(written))
        let authority = host.contains(":") ? "[\(host)]" : host
        let slash = rest.hasPrefix("/") ? "" : "/"
        url = "\(scheme)://\(authority)\(port.map { ":\($0)" } ?? "")\(slash)\(rest)"
    }

    /// Whom deliveries share a connection, and bad luck, with.
    package var origin: String { "\(scheme)://\(host):\(port)" }
}
