/// Delivery reports, and the search for what became of a message without one.
///
/// Used by the callbacks, `ReportPoller` and `Reconciler`. `MessageStore` says what holds for every call.
package protocol ReportStore: Sendable {
    /// Keeps a report as it came, before anybody has understood it.
    func keep(_ report: RawReport) async throws(StoreError) -> RawReportID

    /// Applies a report.
    ///
    /// The status never goes backwards (`MessageStatus.rank`). A report for a provider's id that nobody knows yet waits for it.
    /// A report that is not about the message by `Ownership` is not applied to it (`ReportEffect.foreign`); one with a number
    /// that is not ours is never applied because of its UUID. Of several messages with one UUID the phone says which is meant;
    /// where it does not, none is.
    func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect

    /// Submitted messages whose next look at Eskiz is due, the longest due first.
    func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message]

    /// When to look next; nil for never again.
    func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError)

    /// Unknown messages that are not settled and due for a look.
    func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage]

    /// The message was looked for in vain so many times; look again then. Nothing happens if that was another attempt than the last.
    func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) async throws(StoreError)

    /// The rows of Eskiz's that messages to a phone are known to have: by their UUID, and by every report they got.
    func knownRows(of phone: String) async throws(StoreError) -> [KnownRow]
}
