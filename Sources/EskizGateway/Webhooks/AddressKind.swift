/// What an address is for, as far as it matters to who may be told something there.
///
/// Pure.
///
/// From the registries of special-purpose addresses (RFC 6890 and its successors). An address that carries another one
/// (IPv4 in IPv6, NAT64, 6to4) is what it carries.
enum AddressKind: String, Sendable, Hashable, CaseIterable {
    /// Anywhere on the Internet.
    case global
    /// This machine.
    case loopback
    /// A network that is somebody's own: private, shared (CGNAT), unique local, link-local.
    case `private`
    /// Hands out credentials to whoever asks from inside of a cloud.
    case metadata
    /// Nobody can be told anything there: multicast, documentation, benchmarks, reserved.
    case unusable

    init(_ address: IPAddress) {
        self = address.isIPv4 ? Self.ofIPv4(address) : Self.ofIPv6(address)
    }

    private struct Block {
        let network: IPAddress
        let prefix: Int
        let kind: AddressKind
    }

    private static func blocks(_ table: [(String, AddressKind)]) -> [Block] {
        table.compactMap { text, kind in
            let parts = text.split(separator: "/")
            guard parts.count == 2, let network = IPAddress(parts[0]), let prefix = Int(parts[1]) else { return nil }
            return Block(network: network, prefix: prefix, kind: kind)
        }
    }

    /// The first that fits counts.
    private static let ipv4 = blocks([
        ("169.254.169.254/32", .metadata), ("169.254.170.2/32", .metadata), ("169.254.170.23/32", .metadata),
        ("100.100.100.200/32", .metadata), ("168.63.129.16/32", .metadata), ("192.0.0.192/32", .metadata),
        // On Linux, 0.0.0.0 leads to this machine.
        ("0.0.0.0/8", .unusable),
        ("127.0.0.0/8", .loopback),
        ("10.0.0.0/8", .private), ("172.16.0.0/12", .private), ("192.168.0.0/16", .private),
        ("100.64.0.0/10", .private), ("169.254.0.0/16", .private),
        ("192.0.0.0/24", .unusable), ("192.0.2.0/24", .unusable), ("192.88.99.0/24", .unusable),
        ("198.18.0.0/15", .unusable), ("198.51.100.0/24", .unusable), ("203.0.113.0/24", .unusable),
        ("224.0.0.0/4", .unusable), ("240.0.0.0/4", .unusable),
    ])

    private static let ipv6 = blocks([
        ("fd00:ec2::254/128", .metadata), ("fd20:ce::254/128", .metadata),
        ("::1/128", .loopback),
        ("fc00::/7", .private), ("fe80::/10", .private), ("fec0::/10", .private), ("64:ff9b:1::/48", .private),
        ("2001::/23", .unusable), ("2001:db8::/32", .unusable), ("3fff::/20", .unusable),
        ("2000::/3", .global),
    ])

    private static func ofIPv4(_ address: IPAddress) -> AddressKind {
        ipv4.first { address.isIn($0.network, $0.prefix) }?.kind ?? .global
    }

    private static func ofIPv6(_ address: IPAddress) -> AddressKind {
        if let carried = carriedAddress(address) { return ofIPv4(carried) }
        // What lies outside of 2000::/3 has not been given to anybody.
        return ipv6.first { address.isIn($0.network, $0.prefix) }?.kind ?? .unusable
    }

    /// Where an IPv4 address stands in an IPv6 one: prefix and position.
    private static let carriers: [(block: String, position: Int)] = [
        ("::ffff:0:0/96", 12), ("::ffff:0:0:0/96", 12), ("64:ff9b::/96", 12), ("2002::/16", 2),
    ]

    private static let carrierBlocks = carriers.flatMap { carrier in
        blocks([(carrier.block, .global)]).map { ($0, carrier.position) }
    }

    private static func carriedAddress(_ address: IPAddress) -> IPAddress? {
        for (block, position) in carrierBlocks where address.isIn(block.network, block.prefix) {
            return IPAddress(bytes: address.bytes[position..<(position + 4)])
        }
        // ::a.b.c.d, long given up; :: and ::1 are not meant.
        guard address.bytes.prefix(12).allSatisfy({ $0 == 0 }), address.bytes[12] != 0 else { return nil }
        return IPAddress(bytes: address.bytes[12..<16])
    }
}
