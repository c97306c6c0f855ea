import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizSQLite
import EskizTesting
import Synchronization
import Testing

@testable import EskizVerify

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A verifier on a store of its own, with a clock that stands still.
struct VerifierBench: Sendable {
    let clock = ManualClock()
    let store: any MessageStore & VerificationStore
    let queue: MessageQueue
    let verifier: Verifier
    /// How often a check was counted and then compared.
    let compared = SharedCount()
    private let folder: String?

    enum Kind: String, CaseIterable, Sendable { case memory, sqlite }

    init(_ kind: Kind = .memory, _ adjust: (inout VerifyConfiguration) -> Void = { _ in }) async throws {
        switch kind {
        case .memory:
            folder = nil
            store = MemoryMessageStore()
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.path + "/eskiz-verify-\(UInt64.random(in: 0 ... .max))"
            self.folder = folder
            store = try SQLiteMessageStore(path: folder + "/eskiz.sqlite")
        }
        queue = MessageQueue(store: store, configuration: QueueConfiguration(owner: "test"), clock: clock)
        var configuration = VerifyConfiguration(templates: try CodeTemplates(only: "Kodingiz: {code}"), sender: "4546")
        adjust(&configuration)
        let compared = compared
        verifier = Verifier(
            configuration: configuration,
            queue: queue,
            store: store,
            keys: try await Verifier.keys(configured: nil, store: store),
            faultPoint: { _ in compared.add(1) }
        )
    }

    func close() async {
        await store.close()
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    func start(_ phone: String, purpose: String? = nil) async throws -> Started {
        var request = VerificationRequest(phone: phone, apiKeyID: "k_1")
        request.purpose = purpose
        return try await verifier.start(request)
    }

    func message(of verification: Verification) async throws -> Message {
        let id = try #require(verification.messageID)
        return try #require(try await store.message(id))
    }

    /// The code in the SMS: what the phone shows.
    func code(of started: Started) async throws -> String {
        guard let id = started.verification.messageID, let text = try await store.message(id)?.text else { return "" }
        return String(text.filter(\.isNumber))
    }
}

/// A number that tasks count up together.
final class SharedCount: Sendable {
    private let count = Mutex(0)

    func add(_ difference: Int) { count.withLock { $0 += difference } }
    var value: Int { count.withLock(\.self) }
}
