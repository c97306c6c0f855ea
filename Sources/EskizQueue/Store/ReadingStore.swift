/// Messages as they are, for whoever looks: nothing here changes anything.
///
/// `MessageStore` says what holds for every call.
package protocol ReadingStore: Sendable {
    func message(_ id: MessageID) async throws(StoreError) -> Message?

    /// The message with all its attempts, reports and webhooks.
    func timeline(_ id: MessageID) async throws(StoreError) -> Timeline?

    /// Newest first.
    func messages(_ query: MessageSearch) async throws(StoreError) -> [Message]

    /// A page of a search that answers at once, however many messages there are.
    ///
    /// Looks at no more than about `reach` messages where no index leads to what is wanted: then fewer come than `limit`
    /// says, maybe none, and `next` says where to go on. Pages that follow `next` hold together what `messages(_:)` holds.
    func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage

    /// What clients called these messages; those without a name of their own are left out.
    func clientReferences(_ ids: [MessageID]) async throws(StoreError) -> [MessageID: Message.ClientReference]
}
