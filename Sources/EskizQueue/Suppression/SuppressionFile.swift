package import EskizText

/// Phones for the list as a table in text (CSV): `phone,scope,reason`, of which only the phone has to be there.
///
/// Commas, semicolons or tabs stand between, a value that holds one of them is in double quotes. A first line without a phone
/// names the columns and is passed over.
package struct SuppressionFile: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        package var phone: PhoneNumber
        /// Nil where the line does not say.
        package var scope: Suppression.Scope?
        package var reason: String?
    }

    /// What is wrong with a line, without what is in it.
    package struct LineError: Error, Sendable, Hashable {
        package enum Reason: String, Sendable, Hashable, CaseIterable {
            case phone, scope, reason
        }

        /// From 1.
        package var line: Int
        package var reason: Reason
    }

    package private(set) var rows: [Row] = []
    package private(set) var errors: [LineError] = []

    package init(_ text: some StringProtocol) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var isFirst = true
        for (index, line) in lines.enumerated() {
            let cells = Self.cells(line).map(Self.trimmed)
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            defer { isFirst = false }
            do {
                rows.append(try Self.row(cells, line: index + 1))
            } catch {
                let isHeading = isFirst && error.reason == .phone && !cells[0].contains(where: \.isNumber)
                if !isHeading { errors.append(error) }
            }
        }
    }

    private static func row(_ cells: [String], line: Int) throws(LineError) -> Row {
        guard let phone = try? PhoneNumber(cells[0]) else { throw LineError(line: line, reason: .phone) }
        var scope: Suppression.Scope?
        if cells.count > 1, !cells[1].isEmpty {
            scope = Suppression.Scope(rawValue: cells[1].lowercased())
            if scope == nil { throw LineError(line: line, reason: .scope) }
        }
        let reason = cells.count > 2 && !cells[2].isEmpty ? cells[2] : nil
        if let reason, reason.unicodeScalars.count > Suppression.reasonLimit || reason.contains(where: \.isControl) {
            throw LineError(line: line, reason: .reason)
        }
        return Row(phone: phone, scope: scope, reason: reason)
    }

    private static func trimmed(_ text: String) -> String {
        let rest = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        return String(rest.reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func cells(_ line: some StringProtocol) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var wasQuote = false
        for character in line {
            if character == "\"" {
                // Two in a quoted value are one of them.
                if wasQuote { cell.append(character) }
                wasQuote = isQuoted && !wasQuote
                isQuoted.toggle()
                continue
            }
            wasQuote = false
            if !isQuoted, character == "," || character == ";" || character == "\t" {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        return cells + [cell]
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
}
