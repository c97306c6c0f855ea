/// API keys: made, listed and revoked.
///
/// `MessageStore` says what holds for every call.
package protocol APIKeyStore: Sendable {
    func add(_ key: APIKeyRecord) async throws(StoreError)

    func apiKeys() async throws(StoreError) -> [APIKeyRecord]

    /// - Returns: false if there is no such key.
    func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool
}
