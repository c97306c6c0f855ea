package import EskizQueue

/// Codes that were sent, and those of them that were entered, in the last while.
///
/// A code that is entered counts at the moment in which it was sent, so that the two are about the same codes.
package struct ConversionWindow: Sendable {
    private struct Cell {
        var number: Int64
        var sent: Int
        var approved: Int
    }

    /// How many, and how many of those were entered.
    package struct Figures: Sendable, Hashable {
        package var sent: Int
        package var approved: Int

        package init(sent: Int, approved: Int) {
            self.sent = sent
            self.approved = approved
        }

        /// The most that the share may really be, if what was seen is no luck of one in a thousand (Wilson's bound).
        package var upperBound: Double {
            guard sent > 0 else { return 1 }
            let (count, share, deviate) = (Double(sent), Double(approved) / Double(sent), 3.1)
            let square = deviate * deviate
            let spread = (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
            return (share + square / (2 * count) + deviate * spread) / (1 + square / count)
        }
    }

    private let step: Int64
    private let length: Int64
    /// In the order of time; cells in which nothing was sent are left out.
    private var cells: [Cell] = []

    package init(step: Duration, length: Duration) {
        self.step = step.wholeMilliseconds
        self.length = length.wholeMilliseconds
    }

    package var isEmpty: Bool { cells.isEmpty }

    package mutating func noteSend(at now: Timestamp) {
        let number = now.milliseconds / step
        let first = (now.milliseconds - length) / step
        if let oldest = cells.first, oldest.number < first { cells.removeAll { $0.number < first } }
        if let last = cells.indices.last, cells[last].number >= number {
            cells[last].sent += 1
        } else {
            cells.append(Cell(number: number, sent: 1, approved: 0))
        }
    }

    package mutating func noteApproval(sentAt: Timestamp) {
        let number = sentAt.milliseconds / step
        guard let index = cells.lastIndex(where: { $0.number <= number }), cells[index].number == number else { return }
        cells[index].approved += 1
    }

    /// Those of the last while that are old enough to have been entered.
    package func figures(at now: Timestamp, olderThan age: Duration) -> Figures {
        let first = (now.milliseconds - length) / step
        // A cell counts when the last of it is old enough.
        let last = (now - age).milliseconds / step - 1
        return cells.reduce(into: Figures(sent: 0, approved: 0)) { figures, cell in
            guard cell.number >= first, cell.number <= last else { return }
            figures.sent += cell.sent
            figures.approved += cell.approved
        }
    }

    /// Takes out what another window holds: codes that are accounted for elsewhere.
    package mutating func subtract(_ other: ConversionWindow) {
        for cell in other.cells {
            guard let index = cells.firstIndex(where: { $0.number == cell.number }) else { continue }
            cells[index].sent = max(0, cells[index].sent - cell.sent)
            cells[index].approved = max(0, cells[index].approved - cell.approved)
        }
    }

    package mutating func clear() { cells = [] }

    /// Whether nothing of it counts any more.
    package func isOver(at now: Timestamp) -> Bool {
        cells.last.map { $0.number < (now.milliseconds - length) / step } ?? true
    }
}
