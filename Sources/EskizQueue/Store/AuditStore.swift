/// What people did by hand, line by line.
///
/// `MessageStore` says what holds for every call.
package protocol AuditStore: Sendable {
    /// Keeps a line of what a person did; its `id` is the store's to give.
    func audit(_ line: AuditLine) async throws(StoreError)

    /// Newest first.
    func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine]

    /// Forgets lines from before a moment, up to `limit`, the oldest first.
    ///
    /// - Returns: how many went.
    func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int
}
