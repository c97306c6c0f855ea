/// By which clock the stored moments go, and what happens to them when it is set.
package protocol ClockStore: Sendable {
    /// What was noted last; nil if nothing ever was.
    func clockAnchor() async throws(StoreError) -> ClockAnchor?

    /// Moves the moments of what waits (`StoredMessage.moved(by:)`, `Attempt.moved(by:)`, `WebhookDelivery.moved(by:)`), and
    /// notes the clock by which they go from now on, in one step.
    ///
    /// Calls that come after this one see the moved moments only. A shift of zero only notes.
    ///
    /// - Parameters:
    ///   - shift: how far the clock was set forward; negative if it was set back.
    ///   - known: what was noted when that was found out.
    ///   - anchor: the clock as it is now.
    /// - Returns: false if something else was noted meanwhile: then nothing is changed, because somebody has moved them.
    /// - Throws: `StoreError`; then nothing is changed.
    func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool

    /// The time that all processes of this store have in common; nil where that is the machine's.
    ///
    /// A store on a server of its own answers with the server's time: then the clocks of its processes need not agree, and
    /// a step of one of them moves nothing that is stored.
    func commonTime() async throws(StoreError) -> Timestamp?
}

extension ClockStore {
    package func commonTime() async throws(StoreError) -> Timestamp? { nil }
}
