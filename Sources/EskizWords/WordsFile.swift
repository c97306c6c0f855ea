/// A file of words, read.
///
/// It holds `key = text` in `[sections]`; the head of `Languages/en.txt` describes the format.
///
/// Reading never fails: what cannot be read is a ``Problem``, and a test sees to it that our files have none.
package struct WordsFile: Sendable {
    /// What a key says.
    package enum Entry: Sendable, Equatable {
        case text(String)
        /// By the number that they stand beside.
        case plural([PluralCategory: String])
    }

    /// A line that does not mean anything.
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        package let line: Int
        package let what: String

        package var description: String { "line \(line): \(what)" }
    }

    /// By section, and in it by key.
    package private(set) var sections: [String: [String: Entry]] = [:]
    package private(set) var problems: [Problem] = []

    private var section: String?
    private var pending: Pending?

    /// A text whose lines are still being read.
    private struct Pending {
        var key: String
        var line: Int
        var lines: [String]
        /// Its lines are kept as they are: nothing stood behind the equals sign.
        var isBlock: Bool
    }

    package init(_ bytes: [UInt8]) {
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            read(line, number)
        }
        finish()
    }

    private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) {
        switch line.first {
        case nil:
            if pending?.isBlock == true { pending?.lines.append("") } else { finish() }
        case UInt8(ascii: " "):
            guard pending != nil, line.starts(with: "    ".utf8) else {
                note(number, "a text goes on after four spaces, below its key")
                return
            }
            pending?.lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        case UInt8(ascii: "#"): finish()
        case UInt8(ascii: "["):
            finish()
            section = String(decoding: line.dropFirst().prefix { $0 != UInt8(ascii: "]") }, as: UTF8.self)
            if line.count != (section?.utf8.count ?? 0) + 2 { note(number, "a section is written [name]") }
        default:
            finish()
            begin(line, number)
        }
    }

    private mutating func begin(_ line: ArraySlice<UInt8>, _ number: Int) {
        let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].last == UInt8(ascii: " "), parts[0].count > 1 else {
            return note(number, "neither `key = text` nor [section] nor # comment")
        }
        let key = String(decoding: parts[0].dropLast(), as: UTF8.self)
        let text = String(decoding: parts[1].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
        pending = Pending(key: key, line: number, lines: text.isEmpty ? [] : [text], isBlock: text.isEmpty)
    }

    private mutating func finish() {
        guard var entry = pending else { return }
        pending = nil
        while entry.lines.last == "" { entry.lines.removeLast() }
        let text = unescaped(entry.lines.joined(separator: entry.isBlock ? "\n" : " "), entry.line)
        guard let section else { return note(entry.line, "\(entry.key) stands before the first [section]") }
        if text.isEmpty { note(entry.line, "\(entry.key) has no text") }
        let parts = entry.key.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return add(.text(text), as: entry.key, to: section, entry.line) }
        guard let category = PluralCategory(rawValue: String(parts[1])) else {
            return note(entry.line, "\(entry.key) ends in no plural category: one, few, many, other")
        }
        var forms: [PluralCategory: String] = [:]
        if case .plural(let earlier)? = sections[section]?[String(parts[0])] { forms = earlier }
        if forms.updateValue(text, forKey: category) != nil { note(entry.line, "\(entry.key) is there twice") }
        sections[section, default: [:]][String(parts[0])] = .plural(forms)
    }

    private mutating func add(_ entry: Entry, as key: String, to section: String, _ line: Int) {
        if sections[section, default: [:]].updateValue(entry, forKey: key) != nil {
            note(line, "\(key) is there twice")
        }
    }

    private mutating func unescaped(_ text: String, _ line: Int) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = ""
        var rest = text[...]
        while let slash = rest.firstIndex(of: "\\") {
            result += rest[..<slash]
            rest = rest[slash...].dropFirst()
            switch rest.popFirst() {
            case "s": result += " "
            case "n": result += "\n"
            case "\\": result += "\\"
            default: note(line, "a \\ is followed by s (a space), n (a line break) or \\")
            }
        }
        return result + rest
    }

    private mutating func note(_ line: Int, _ what: String) {
        problems.append(Problem(line: line, what: what))
    }
}
