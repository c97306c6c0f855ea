/// Secrets of this installation, the same for everyone who opens the store.
///
/// `MessageStore` says what holds for every call.
package protocol SecretStore: Sendable {
    /// A secret of this installation, made with `make` by the first who asks.
    func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8]
}
