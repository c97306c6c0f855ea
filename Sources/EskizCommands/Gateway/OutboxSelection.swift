import Eskiz
import EskizPostgres
import EskizQueue
import EskizText
import Logging

/// The outbox that the settings ask for.
enum OutboxSelection {
    /// Connects to the outbox, and makes its tables where that is allowed.
    ///
    /// A database that is away for a while is waited for: the gateway goes on without it. What a person has to mend ends the
    /// start.
    ///
    /// - Returns: nil where no outbox is set.
    static func open(
        _ server: ServerSettings,
        maximumSegments: Int,
        store: any SecretStore,
        logger: Logger
    ) async throws -> PostgresOutbox? {
        guard let address = try address(server) else { return nil }
        let outbox = PostgresOutbox(
            address,
            owner: try await owner(store),
            maximumSegments: maximumSegments,
            migrating: server.migratesDatabase
        )
        do throws(PostgresError) {
            try await outbox.connect()
        } catch  where error.kind.needsAPerson {
            await outbox.close()
            throw EskizError(postgres: error, setting: .outboxURL)
        } catch {
            logger.warning(
                "The outbox does not answer yet; it is tried again",
                metadata: [QueueLogKeys.errorCode: "\(error.kind.rawValue)", QueueLogKeys.error: "\(error)"]
            )
        }
        return outbox
    }

    /// Where it is; nil where none is set.
    static func address(_ server: ServerSettings) throws(EskizError) -> PostgresAddress? {
        guard let url = server.outboxURL?.reveal() else { return nil }
        do throws(PostgresError) {
            guard PostgresAddress.isPostgres(url) else { throw PostgresError(.badAddress) }
            try LibPQ.check(url)
        } catch {
            throw EskizError(postgres: error, setting: .outboxURL)
        }
        return PostgresAddress(url)
    }

    /// Who takes from the outbox: this store, whichever process has it open.
    private static func owner(_ store: any SecretStore) async throws(StoreError) -> String {
        let bytes = try await store.secret("outbox-owner") { (0..<16).map { _ in UInt8.random(in: 0 ... .max) } }
        return bytes.hexadecimal
    }
}

extension EskizError {
    /// What PostgreSQL could not do, as a verb reports it.
    init(postgres error: PostgresError, setting: SettingName) {
        let detail = error.detail.map { " PostgreSQL said: \($0)" } ?? ""
        let summary = "\(setting.rawValue): \(error.summary)\(detail)"
        self.init(
            .invalidConfiguration,
            Sentence(verbatim: summary),
            remedy: Sentence(verbatim: error.remedy),
            cause: PostgresFailure(setting: setting, error: error)
        )
    }
}

/// Which setting a failure of PostgreSQL belongs to.
struct PostgresFailure: Error {
    let setting: SettingName
    let error: PostgresError
}
