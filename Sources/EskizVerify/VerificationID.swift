package import EskizQueue
import EskizText

/// The name of a verification: the millisecond it began in, in 6 bytes, and 10 random bytes, so that nobody guesses another one's.
///
/// Names go up with time, so that an index of them grows at its end.
package struct VerificationID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Always 16.
    package let bytes: [UInt8]

    package static let byteCount = 16
    package static let pattern = "^ver_[0-9a-f]{32}$"
    private static let prefix = "ver_"

    /// - Precondition: 16 bytes; anything else is nil.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    package init(at now: Timestamp, random generator: inout some RandomNumberGenerator) {
        let time = UInt64(bitPattern: now.milliseconds)
        let (first, second) = (generator.next(), generator.next())
        bytes =
            [40, 32, 24, 16, 8, 0].map { UInt8(truncatingIfNeeded: time >> $0) }
            + [8, 0].map { UInt8(truncatingIfNeeded: first >> $0) }
            + [56, 48, 40, 32, 24, 16, 8, 0].map { UInt8(truncatingIfNeeded: second >> $0) }
    }

    /// Reads what `text` writes, and nothing else.
    package init?(text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 4 + 2 * Self.byteCount, utf8.starts(with: Self.prefix.utf8) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for position in stride(from: 4, to: utf8.count, by: 2) {
            guard let high = Self.value(utf8[position]), let low = Self.value(utf8[position + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// `ver_` and 32 hexadecimal digits.
    package var text: String { Self.prefix + bytes.hexadecimal }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
