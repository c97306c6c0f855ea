import Crypto

/// Makes the code of a verification from its id: always the same one, so that it need not be kept.
///
/// HMAC-SHA256 of the key over a label, the id, the epoch, the length and a counter gives a stream of 64-bit numbers. A number
/// that would make some codes likelier than others is passed over, and so is a code that is easily guessed.
package enum CodeDerivation {
    package static let lengths = 4...10

    private static let label = Array("eskiz-verify-1".utf8)

    /// The code of a verification.
    ///
    /// - Parameters:
    ///   - id: of the verification.
    ///   - epoch: another one is another code.
    ///   - length: of the code, 4 to 10.
    ///   - phone: digits; a code that is its end is not used.
    ///   - key: of the gateway.
    /// - Returns: decimal digits, leading zeros included.
    package static func code(
        of id: VerificationID,
        epoch: Int,
        length: Int,
        phone: String,
        key: CodeKey
    ) -> String {
        let modulus = (0..<length).reduce(UInt64(1)) { product, _ in product * 10 }
        // Numbers from here on would give some codes one chance more than others.
        let bound = UInt64.max - UInt64.max % modulus
        var counter: UInt32 = 0
        while true {
            for number in numbers(id, epoch, length, counter, key) where number < bound {
                let code = digits(of: number % modulus, length)
                if isFit(code, for: phone) { return code }
            }
            counter += 1
        }
    }

    /// Whether a code is not easily guessed: not one digit all over, and not the end of the phone.
    package static func isFit(_ code: String, for phone: String) -> Bool {
        code.utf8.contains { $0 != code.utf8.first } && !phone.hasSuffix(code)
    }

    /// Compares in a time that says nothing of where two codes differ.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var difference = UInt8(left.count == right.count ? 0 : 1)
        for index in 0..<lengths.upperBound {
            let one = index < left.count ? left[index] : 0
            let other = index < right.count ? right[index] : 0
            difference |= one ^ other
        }
        return difference == 0 && left.count <= lengths.upperBound
    }

    private static func numbers(
        _ id: VerificationID,
        _ epoch: Int,
        _ length: Int,
        _ counter: UInt32,
        _ key: CodeKey
    ) -> [UInt64] {
        var input = label
        input.append(contentsOf: id.bytes)
        append(UInt64(bitPattern: Int64(epoch)), to: &input)
        input.append(UInt8(length))
        append(UInt64(counter), to: &input)
        let bytes = Array(HMAC<SHA256>.authenticationCode(for: input, using: key.key))
        return stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private static func digits(of number: UInt64, _ length: Int) -> String {
        var rest = number
        var digits = [UInt8](repeating: 0x30, count: length)
        for index in digits.indices.reversed() {
            digits[index] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
