/// The receipt of a send exactly as Eskiz writes it, read without a JSON decoder (eskiz-api.md §4.1):
/// `{"id":"5b1f0c6e-…","message":"Waiting for SMS provider","status":"waiting"}`.
///
/// One object of these three texts, each once and in any order, in printable ASCII without escapes. Whatever differs in
/// the least is nil here and left to ``Receipt``, which forgives much more and takes twenty times as long.
package struct PlainReceipt {
    package let id: String
    package let message: String
    package let status: MessageStatus

    /// Reads a body; nil if it is anything but a plain receipt.
    package init?(_ body: [UInt8]) {
        let read = body.withUnsafeBufferPointer { bytes -> (id: String, message: String, status: MessageStatus)? in
            var scanner = Scanner(bytes: bytes)
            var fields = Fields()
            guard scanner.take("{") else { return nil }
            repeat {
                guard let key = scanner.text(), scanner.take(":"), let value = scanner.text(),
                    fields.set(bytes[key], to: value)
                else { return nil }
            } while scanner.take(",")
            guard scanner.take("}"), scanner.isAtEnd, let id = fields.id, let message = fields.message,
                let status = fields.status
            else { return nil }
            return (
                String(decoding: bytes[id], as: UTF8.self), String(decoding: bytes[message], as: UTF8.self),
                Self.status(bytes[status])
            )
        }
        // Eskiz writes the word `<nil>` for nothing (§6.5), and without an id there is no receipt.
        guard let read, !read.id.isEmpty, read.id != "<nil>", read.message != "<nil>" else { return nil }
        // A word that nobody knows is for those who know everything else.
        if case .unrecognized = read.status { return nil }
        (id, message, status) = read
    }

    private static func status(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> MessageStatus {
        // The answer to all but a few sends, without a look into the dictionary of spellings.
        bytes.isSpelled("waiting") ? .waiting : MessageStatus(String(decoding: bytes, as: UTF8.self))
    }

    /// Where the texts are.
    private struct Fields {
        var id: Range<Int>?
        var message: Range<Int>?
        var status: Range<Int>?

        /// False if the key is another one, or has been there before.
        mutating func set(_ key: Slice<UnsafeBufferPointer<UInt8>>, to value: Range<Int>) -> Bool {
            if key.isSpelled("id") { return Self.set(&id, value) }
            if key.isSpelled("message") { return Self.set(&message, value) }
            if key.isSpelled("status") { return Self.set(&status, value) }
            return false
        }

        private static func set(_ field: inout Range<Int>?, _ value: Range<Int>) -> Bool {
            guard field == nil else { return false }
            field = value
            return true
        }
    }

    /// Goes through the bytes once.
    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 0

        /// True if nothing but white space is left.
        var isAtEnd: Bool {
            mutating get {
                skipBlanks()
                return position == bytes.count
            }
        }

        /// Takes one sign, and the white space before it.
        mutating func take(_ sign: Unicode.Scalar) -> Bool {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: sign) else { return false }
            position += 1
            return true
        }

        /// Takes a text in quotes; nil if it has an escape or anything but printable ASCII.
        mutating func text() -> Range<Int>? {
            guard take("\"") else { return nil }
            let start = position
            while position < bytes.count {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\"") {
                    defer { position += 1 }
                    return start..<position
                }
                guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") else { return nil }
                position += 1
            }
            return nil
        }

        private mutating func skipBlanks() {
            while position < bytes.count {
                switch bytes[position] {
                case 0x20, 0x09, 0x0A, 0x0D: position += 1
                default: return
                }
            }
        }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    fileprivate func isSpelled(_ word: StaticString) -> Bool {
        word.withUTF8Buffer { elementsEqual($0) }
    }
}
