/// Where the cells of a table of comma-separated values lie (RFC 4180); semicolons do as well.
///
/// Eskiz does not say what its export looks like, so nothing is taken for granted but the first line: the headings.
struct CommaSeparatedTable: Sendable {
    private let body: [UInt8]
    private let separator: UInt8

    init(_ body: [UInt8]) {
        self.body = body
        let first = body.prefix { $0 != 0x0A }
        let commas = first.count { $0 == UInt8(ascii: ",") }
        separator = first.count { $0 == UInt8(ascii: ";") } > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
    }

    /// The cells below a heading, quotes included; none where there is no such heading.
    func cells(below heading: String) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var column: Int?
        var position = 0
        var line = 0
        while position < body.count {
            var index = 0
            var isLineOver = false
            while !isLineOver {
                let cell = position..<end(from: position)
                if line == 0 {
                    if isHeading(cell, heading) { column = index }
                } else if index == column {
                    cells.append(cell)
                }
                isLineOver = cell.upperBound == body.count || body[cell.upperBound] != separator
                position = cell.upperBound + 1
                index += 1
            }
            // A line may end with two characters.
            if position <= body.count, body[position - 1] == 0x0D, position < body.count, body[position] == 0x0A {
                position += 1
            }
            guard column != nil else { return [] }
            line += 1
        }
        return cells
    }

    /// Where the cell ends: at a separator, at the end of the line, or at the end of it all.
    private func end(from start: Int) -> Int {
        var position = start
        var isInQuotes = false
        while position < body.count {
            let byte = body[position]
            if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            if !isInQuotes, byte == separator || byte == 0x0A || byte == 0x0D { return position }
            position += 1
        }
        return position
    }

    private func isHeading(_ cell: Range<Int>, _ heading: String) -> Bool {
        var text = body[cell]
        // A byte order mark before the first one.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        if text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") {
            text = text.dropFirst().dropLast()
        }
        return text.elementsEqual(heading.utf8)
    }
}
