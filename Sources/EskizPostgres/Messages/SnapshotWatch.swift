import EskizQueue

/// Who holds snapshots, and since when that has been seen.
///
/// What a transaction of another role began when, the server tells only to who may read everything. That it still holds the
/// same snapshot everybody may see: so the time is what lies between two looks.
struct SnapshotWatch: Sendable {
    /// What the server shows of one that holds back the clearing away of rows.
    struct Sighting: Sendable, Hashable {
        var holder: DatabaseHealth.Snapshot.Holder
        /// The oldest transaction that it still has to see.
        var mark: String
        /// Whether that is its own: every snapshot that others take meanwhile has the same mark.
        var isItsOwn: Bool
    }

    private var firstSeen: [Sighting: ContinuousClock.Instant] = [:]

    /// Takes in one look.
    ///
    /// - Parameters:
    ///   - sightings: all that hold something now.
    ///   - now: when that was seen.
    /// - Returns: the one that has held its snapshot the longest.
    mutating func note(
        _ sightings: [Sighting],
        at now: ContinuousClock.Instant
    ) -> DatabaseHealth.Snapshot? {
        let known = firstSeen
        firstSeen = Dictionary(sightings.map { ($0, known[$0] ?? now) }) { first, _ in first }
        let oldest = firstSeen.min { first, second in
            if first.value != second.value { return first.value < second.value }
            if first.key.isItsOwn != second.key.isItsOwn { return first.key.isItsOwn }
            return first.key.mark < second.key.mark
        }
        return oldest.map { DatabaseHealth.Snapshot($0.key.holder, age: now - $0.value) }
    }
}
