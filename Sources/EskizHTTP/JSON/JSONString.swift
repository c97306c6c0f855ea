import EskizText

extension [UInt8] {
    /// Appends a text as a JSON string: in quotation marks, with what has to be escaped escaped (RFC 8259 §7).
    package mutating func appendJSONString(_ text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.contains(where: \.isEscapedInJSON) {
                for byte in utf8 { appendEscapedInJSON(byte) }
            } else {
                append(contentsOf: utf8)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscapedInJSON(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x09: append(contentsOf: "\\t".utf8)
        case 0x0A: append(contentsOf: "\\n".utf8)
        case 0x0D: append(contentsOf: "\\r".utf8)
        case 0..<0x20:
            append(contentsOf: "\\u00".utf8)
            append(contentsOf: CollectionOfOne(byte).hexadecimal.utf8)
        default: append(byte)
        }
    }
}

extension UInt8 {
    fileprivate var isEscapedInJSON: Bool {
        self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\")
    }
}
