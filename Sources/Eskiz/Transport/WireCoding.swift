#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How values go on the wire and come back: urlencoded forms, JSON, base64.
///
/// Pure, total, and never in need of a network to be tested.
package enum WireCoding {
    /// `application/x-www-form-urlencoded`.
    ///
    /// Everything but unreserved characters is percent-encoded, a space as `+`.
    ///
    /// Works for every endpoint but `send-batch` (eskiz-api.md §3.2), and costs less than multipart.
    package static func form(_ fields: [(String, String)]) -> String {
        String(decoding: formBytes(fields), as: UTF8.self)
    }

    /// Form fields as bytes, ready to be a body.
    package static func formBytes(_ fields: [(String, String)]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(fields.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count * 3 / 2 + 8 })
        for (index, field) in fields.enumerated() {
            if index > 0 { output.append(UInt8(ascii: "&")) }
            appendEncoded(field.0, to: &output)
            output.append(UInt8(ascii: "="))
            appendEncoded(field.1, to: &output)
        }
        return output
    }

    private static func appendEncoded(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else if byte == 0x20 {
                output.append(UInt8(ascii: "+"))
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(hexDigit(byte >> 4))
                output.append(hexDigit(byte & 0xF))
            }
        }
    }

    /// One segment of a path: everything but unreserved characters is percent-encoded, the slash included, so an id
    /// from outside can never lead to another endpoint.
    package static func pathSegment(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(hexDigit(byte >> 4))
                output.append(hexDigit(byte & 0xF))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x41 + value - 10
    }

    /// Undoes percent-encoding; nil if it is malformed or not UTF-8.
    static func percentDecoded(_ text: String) -> String? {
        var output: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap(hexValue), let low = bytes.next().flatMap(hexValue) else {
                return nil
            }
            output.append(high << 4 | low)
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Base64 with or without padding, in the standard or the URL alphabet; nil if it is neither.
    package static func base64Decoded(_ text: String) -> [UInt8]? {
        var standard = text.filter { !$0.isWhitespace }.replacing("-", with: "+").replacing("_", with: "/")
        while standard.hasSuffix("=") { standard.removeLast() }
        // Foundation reads on after an equals sign in the middle.
        guard !standard.contains("=") else { return nil }
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: standard).map { [UInt8]($0) }
    }

    // JSONDecoder and JSONEncoder are Sendable and keep no state between calls.
    private static let decoder = JSONDecoder()
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return encoder
    }()

    /// Decodes JSON; any failure is an ``EskizError`` with the code `unexpected_answer` and a sentence about what came
    /// instead.
    package static func decode<Value: Decodable>(
        _ type: Value.Type,
        from response: TransportResponse
    ) throws(EskizError) -> Value {
        do {
            return try decoder.decode(type, from: Data(response.body))
        } catch {
            throw ProviderFailure.unexpectedAnswer(response)
        }
    }

    /// Decodes JSON if it can be decoded.
    static func decodeIfPossible<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) -> Value? {
        try? decoder.decode(type, from: Data(body))
    }

    /// Encodes a request body.
    package static func json(_ value: some Encodable) throws(EskizError) -> [UInt8] {
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            throw EskizError(
                .invalidArgument,
                "The request could not be written as JSON.",
                remedy: "Check the values: numbers must be finite.",
                cause: error
            )
        }
    }
}
