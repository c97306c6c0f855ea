import Crypto
import EskizQueue
import EskizText
import Synchronization

/// A key of this installation that signs, made at its first use and kept in the store; with what was signed and ended
/// before its time.
///
/// What was ended is remembered until the process ends or it would have ended by itself.
final class SigningKey<Signer: Sendable>: Sendable {
    private struct State {
        var signer: Signer?
        /// What was ended, with the end it would have had, in seconds since 1970.
        var ended: [String: Int64] = [:]
    }

    private let name: String
    private let endedLimit: Int
    private let store: any SecretStore
    private let make: @Sendable ([UInt8]) -> Signer
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: what the store calls it.
    ///   - store: where it is kept.
    ///   - endedLimit: from so many on, what is over is forgotten.
    ///   - make: the signer of a secret.
    init(
        _ name: String,
        in store: any SecretStore,
        endedLimit: Int,
        signer make: @escaping @Sendable ([UInt8]) -> Signer
    ) {
        self.name = name
        self.endedLimit = endedLimit
        self.store = store
        self.make = make
    }

    func signer() async throws(StoreError) -> Signer {
        if let signer = state.withLock(\.signer) { return signer }
        let signer = make(try await store.secret(name) { Self.random(.bits256) })
        state.withLock { $0.signer = signer }
        return signer
    }

    func hasEnded(_ id: String) -> Bool { state.withLock { $0.ended[id] != nil } }

    /// Ends what was signed before its time.
    func end(_ id: String, expiresAt: Int64, now: Int64) {
        state.withLock { state in
            if state.ended.count >= endedLimit { state.ended = state.ended.filter { $0.value > now } }
            state.ended[id] = expiresAt
        }
    }

    /// A random id in hexadecimal.
    static func randomID(_ size: SymmetricKeySize) -> String {
        random(size).hexadecimal
    }

    private static func random(_ size: SymmetricKeySize) -> [UInt8] {
        SymmetricKey(size: size).withUnsafeBytes { Array($0) }
    }
}
