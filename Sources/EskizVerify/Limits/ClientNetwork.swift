#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Whom an address on the Internet belongs to, as well as an address can say it: one IPv4 address, or one IPv6 /64, which is
/// what a household gets.
package enum ClientNetwork {
    /// The network of an address; nil if it is not an address.
    package static func of(_ address: some StringProtocol) -> String? {
        let address = String(address)
        guard !address.utf8.contains(0) else { return nil }
        var v4 = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, address, &v4) == 1 { return text(v4) }
        var v6 = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
        // ::ffff:203.0.113.5 is 203.0.113.5.
        if v6.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] { return text(Array(v6.suffix(4))) }
        let groups = stride(from: 0, to: 8, by: 2).map {
            String(UInt16(v6[$0]) << 8 | UInt16(v6[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }

    private static func text(_ bytes: [UInt8]) -> String {
        bytes.map { String($0) }.joined(separator: ".")
    }
}
