/// What will happen by itself later, earliest first: a binary heap, ties in the order of scheduling.
struct Schedule<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        let due: WallTime
        let order: UInt64
        let event: Event
    }

    private var entries: [Entry] = []
    private var nextOrder: UInt64 = 0

    var nextDue: WallTime? { entries.first?.due }
    var count: Int { entries.count }

    mutating func add(_ event: Event, due: WallTime) {
        entries.append(Entry(due: due, order: nextOrder, event: event))
        nextOrder += 1
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the earliest event that is due at `now`.
    mutating func popDue(at now: WallTime) -> (event: Event, due: WallTime)? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            var parent = 0
            while true {
                var smallest = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < entries.count && precedes(child, smallest) { smallest = child }
                guard smallest != parent else { break }
                entries.swapAt(parent, smallest)
                parent = smallest
            }
        }
        return (first.event, first.due)
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let (left, right) = (entries[left], entries[right])
        return left.due == right.due ? left.order < right.order : left.due < right.due
    }
}
