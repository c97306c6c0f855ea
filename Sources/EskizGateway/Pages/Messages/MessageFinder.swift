import EskizQueue

/// Finds the messages of a filter, a page at a time, without ever looking through all of them.
struct MessageFinder: Sendable {
    let store: any ReadingStore

    /// So many messages are looked at for one page where no index leads to them.
    static let reach = 100_000

    func page(_ filter: MessageFilter, limit: Int) async throws(StoreError) -> SearchPage {
        guard let search = filter.search(limit: limit) else { return SearchPage() }
        guard case .message(let id) = filter.subject else { return try await store.page(search, reach: Self.reach) }
        guard let message = try await store.message(id), search.admits(message) else { return SearchPage() }
        if search.hasDeadWebhook {
            let webhooks = try await store.timeline(id)?.webhooks ?? []
            guard webhooks.contains(where: { $0.progress == .dead }) else { return SearchPage() }
        }
        return SearchPage(messages: [message])
    }
}
