import EskizHTTP
import EskizQueue

/// Writes JSON straight into bytes: an answer is written once and never built as a tree.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// A document that is one object.
    static func object(capacity: Int = 512, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var answer = JSONWriter(capacity: capacity)
        answer.object(body)
        return answer.bytes
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    mutating func array<Elements: Sequence>(
        _ elements: Elements,
        _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        open(UInt8(ascii: "["))
        for element in elements { body(&self, element) }
        close(UInt8(ascii: "]"))
    }

    // MARK: Members

    /// The name of a member; its value comes next.
    mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
        self.name(name)
        raw(String(value))
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        raw(value ? "true" : "false")
    }

    mutating func member(_ name: StaticString, _ value: Timestamp) {
        self.name(name)
        string(RFC3339.text(value))
    }

    /// A member that is `null` where there is no value.
    mutating func nullable(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { raw("null") }
    }

    /// A number that is written already, or `null`.
    mutating func nullableNumber(_ name: StaticString, _ value: String?) {
        self.name(name)
        raw(value ?? "null")
    }

    mutating func nullable(_ name: StaticString, _ value: Timestamp?) {
        nullable(name, value.map(RFC3339.text))
    }

    /// A member that is left out where there is no value.
    mutating func optional(_ name: StaticString, _ value: String?) {
        if let value { member(name, value) }
    }

    mutating func optional(_ name: StaticString, _ value: (some BinaryInteger)?) {
        if let value { member(name, value) }
    }

    mutating func optional(_ name: StaticString, _ value: Timestamp?) {
        if let value { member(name, value) }
    }

    // MARK: Values

    mutating func string(_ value: String) {
        separate()
        bytes.appendJSONString(value)
        needsComma = true
    }

    /// Something that is JSON already.
    mutating func raw(_ value: String) {
        separate()
        bytes.append(contentsOf: value.utf8)
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
