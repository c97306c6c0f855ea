import EskizQueue

/// Finds and replaces `user_sms_id` in Eskiz's answers: upstream every message carries our number, and the client gets
/// its own back (contract §6).
///
/// It works on bytes, because the answer is Eskiz's word and everything else in it stays as it came: the order of
/// members, spaces, spellings of numbers. Pure.
struct UserSMSIDRewriter: Sendable, Equatable {
    /// One value that may be a number of ours.
    struct Place: Sendable, Equatable {
        /// The value, quotes included.
        var range: Range<Int>
        var id: MessageID
        var isQuoted: Bool
    }

    private let body: [UInt8]
    private let isTable: Bool
    let places: [Place]

    /// In a table of comma-separated values: the cells below a heading `user_sms_id`, where there is one.
    init(inTable body: [UInt8]) {
        self.body = body
        isTable = true
        places = CommaSeparatedTable(body).cells(below: "user_sms_id").compactMap { range in
            let quote = UInt8(ascii: "\"")
            let isQuoted = range.count >= 2 && body[range].first == quote && body[range].last == quote
            let digits = isQuoted ? body[range].dropFirst().dropLast() : body[range]
            let id = MessageID(text: String(decoding: digits, as: UTF8.self))
            return id.map { Place(range: range, id: $0, isQuoted: isQuoted) }
        }
    }

    init(in body: [UInt8]) {
        self.body = body
        isTable = false
        var places: [Place] = []
        var index = 0
        while let key = Self.next(in: body, from: index) {
            index = key
            guard let place = Self.place(in: body, at: key) else { continue }
            places.append(place)
            index = place.range.upperBound
        }
        self.places = places
    }

    /// The numbers, each once, in order.
    var ids: [MessageID] {
        var seen = Set<MessageID>()
        return places.map(\.id).filter { seen.insert($0).inserted }
    }

    /// The answer with the numbers of the table replaced: by the client's own, or by null (in a cell: nothing) where it
    /// gave none.
    func replacing(_ names: [MessageID: String?]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(body.count)
        var copied = 0
        for place in places {
            guard let name = names[place.id] else { continue }
            output += body[copied..<place.range.lowerBound]
            let text =
                isTable ? Self.cell(name, isQuoted: place.isQuoted) : Self.value(name, isQuoted: place.isQuoted)
            output += text.utf8
            copied = place.range.upperBound
        }
        return output + body[copied...]
    }

    private static func cell(_ name: String?, isQuoted: Bool) -> String {
        let name = name ?? ""
        let needsQuotes = isQuoted || name.contains { ",;\"".contains($0) || $0.isNewline }
        return needsQuotes ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
    }

    private static func value(_ name: String?, isQuoted: Bool) -> String {
        guard let name else { return "null" }
        let isNumber = name.utf8.allSatisfy { (0x30...0x39).contains($0) } && (name == "0" || !name.hasPrefix("0"))
        return !isQuoted && isNumber && !name.isEmpty ? name : JSONText.quoted(name)
    }

    private static let key = Array(#""user_sms_id""#.utf8)

    /// The position after the next key of that name.
    ///
    /// Within a JSON string every quote has a backslash before it, so a text that talks of the name is never meant.
    private static func next(in body: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + key.count <= body.count {
            guard let quote = body[index...].firstIndex(of: key[0]), quote + key.count <= body.count else { return nil }
            let end = quote + key.count
            if body[quote..<end].elementsEqual(key) { return end }
            index = quote + 1
        }
        return nil
    }

    private static func place(in body: [UInt8], at start: Int) -> Place? {
        var rest = body[start...].drop(while: isSpace)
        guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
        rest = rest.drop(while: isSpace)
        let valueStart = rest.startIndex
        let isQuoted = rest.first == UInt8(ascii: "\"")
        if isQuoted { rest = rest.dropFirst() }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest[digits.endIndex...]
        if isQuoted {
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
        } else {
            // 12.5 and 1e3 are no numbers of ours.
            guard let after = rest.first, isSpace(after) || after == UInt8(ascii: ",") || after == UInt8(ascii: "}")
            else { return nil }
        }
        guard let id = MessageID(text: String(decoding: digits, as: UTF8.self)) else { return nil }
        return Place(range: valueStart..<rest.startIndex, id: id, isQuoted: isQuoted)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
