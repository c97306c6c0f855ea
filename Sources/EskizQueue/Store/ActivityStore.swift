/// Numbers about messages, kept as they change, for the page and the metrics.
///
/// `MessageStore` says what holds for every call.
package protocol ActivityStore: Sendable {
    /// Numbers that are kept, never counted, and the oldest waiting message of each lane.
    func statistics() async throws(StoreError) -> QueueStatistics

    /// What happened in each step of a while, oldest first; a step in which nothing happened is left out.
    ///
    /// Kept for `ActivityMinute.retention`, minute by minute and operator by operator, as messages change. The minute of
    /// `from` is the first; what begins at `to` or later is left out. A step is rounded up to whole minutes.
    func activity(from: Timestamp, to: Timestamp, step: Duration) async throws(StoreError) -> [ActivityBucket]

    /// How many messages failed from a moment on, by the code of their error (`RefusalHour`).
    ///
    /// Kept for `RefusalHour.retention`, hour by hour, as messages change. The hour of `from` is the first; hours that begin at
    /// `to` or later are left out.
    func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int]
}
