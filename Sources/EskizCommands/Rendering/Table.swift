/// Rows under headings, aligned by what the eye sees.
package struct Table: Sendable {
    /// Where a column's cells stand.
    package enum Alignment: Sendable {
        case leading
        case trailing
    }

    /// A heading and how its cells stand.
    package struct Column: Sendable {
        let heading: String
        let alignment: Alignment
        /// The column that gives way when the terminal is too narrow.
        let isElastic: Bool

        package init(_ heading: String, _ alignment: Alignment = .leading, elastic: Bool = false) {
            self.heading = heading
            self.alignment = alignment
            self.isElastic = elastic
        }
    }

    let columns: [Column]
    let rows: [[String]]

    package init(_ columns: [Column], rows: [[String]]) {
        self.columns = columns
        self.rows = rows.map { row in row.map(\.onOneLine) }
    }

    /// The table as lines; cells are cut only where a terminal's width is given and only in elastic columns.
    package func rendered(on page: Page) -> String {
        let widths = self.widths(within: page.width)
        var lines = [line(columns.map(\.heading), widths).map { page.ink.faint($0) } ?? ""]
        for row in rows {
            lines.append(line(row, widths) ?? "")
        }
        return lines.joined(separator: "\n")
    }

    private func widths(within limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(DisplayWidth.of(columns[index].heading)) { widest, row in
                max(widest, index < row.count ? DisplayWidth.of(row[index]) : 0)
            }
        }
        let total = widths.reduce(0, +) + 2 * max(0, widths.count - 1)
        if let limit, total > limit, let elastic = columns.lastIndex(where: \.isElastic) {
            widths[elastic] = max(8, widths[elastic] - (total - limit))
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String? {
        var parts: [String] = []
        for (index, column) in columns.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            let shown = column.isElastic ? DisplayWidth.cut(cell, to: widths[index]) : cell
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(shown)))
            parts.append(column.alignment == .leading ? shown + padding : padding + shown)
        }
        var text = parts.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// Names and values under one another.
package struct Facts: Sendable {
    private var pairs: [(String, String)] = []

    package init() {}

    /// One more line; nothing happens without a value.
    package mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value.onOneLine)) }
    }

    package func rendered(on page: Page) -> String {
        let widest = pairs.map { DisplayWidth.of($0.0) }.max() ?? 0
        return pairs.map { name, value in
            let padding = String(repeating: " ", count: widest - DisplayWidth.of(name))
            return page.ink.faint(name + ":") + padding + " " + value
        }.joined(separator: "\n")
    }
}
