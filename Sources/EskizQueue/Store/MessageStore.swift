/// Where messages live.
///
/// The conformance suite in `EskizQueueTesting` is the definition; every store passes it. Each call is one atomic step,
/// durable when it returns unless it says otherwise, and either happens whole or throws and leaves nothing behind. A call
/// survives the cancellation of its caller: what was begun is finished. Time comes from the caller.
///
/// Wherever a call changes a message it returns the message as it is afterwards, so that the caller can tell who waits.
/// A change that `MessageState.canBecome(_:)` forbids is not made.
///
/// Each part is a protocol of its own, named after what it keeps; who needs one part asks for that.
package protocol MessageStore:
    SendingStore, ReportStore, ReadingStore, ActivityStore, AuditStore, WebhookStore, SecretStore, APIKeyStore,
    ClockStore
{
    /// What several gateways on this store tell each other; nil where one has it for itself.
    var fleet: (any FleetStore)? { get }

    /// Throws what would keep the store from accepting now.
    func checkWritable() async throws(StoreError)

    /// Finishes what is under way and closes.
    func close() async
}

extension MessageStore {
    package var fleet: (any FleetStore)? { nil }
}
