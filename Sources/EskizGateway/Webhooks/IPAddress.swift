#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An IP address, as bytes.
struct IPAddress: Sendable, Hashable {
    /// 4 or 16.
    let bytes: [UInt8]

    /// - Precondition: 4 or 16 bytes; anything else is nil.
    init?(bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        guard self.bytes.count == 4 || self.bytes.count == 16 else { return nil }
    }

    /// A dotted quad in decimal, or an IPv6 address without brackets and zone; no looser spelling.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        guard !text.utf8.contains(0) else { return nil }
        var v4 = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = v4
            return
        }
        var v6 = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        bytes = v6
    }

    var isIPv4: Bool { bytes.count == 4 }

    /// Whether the first bits are those of a network: `IPAddress("10.0.0.0")`, 8.
    func isIn(_ network: IPAddress, _ prefix: Int) -> Bool {
        guard bytes.count == network.bytes.count else { return false }
        let whole = prefix / 8
        guard bytes.prefix(whole) == network.bytes.prefix(whole) else { return false }
        let rest = prefix % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return bytes[whole] & mask == network.bytes[whole] & mask
    }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        guard !isIPv4 else { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":")
    }
}
