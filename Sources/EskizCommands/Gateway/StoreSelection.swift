import Eskiz
import EskizQueue
import EskizSQLite
import SystemPackage

/// Which store the settings ask for: the one place that knows more than the protocol.
enum StoreSelection {
    /// What is done with the store.
    enum Role {
        /// The gateway: the only one that sends.
        case gateway
        /// A verb that looks or changes keys beside a running gateway.
        case guest
    }

    static func open(_ settings: Settings, as role: Role) throws(EskizError) -> any MessageStore {
        let path = try path(settings)
        do {
            switch role {
            case .gateway: return try SQLiteMessageStore(path: path.string)
            case .guest: return try SQLiteMessageStore(guestOf: path.string)
            }
        } catch {
            throw EskizError(store: error)
        }
    }

    /// Runs a verb that needs the store and nothing of Eskiz.
    static func run(
        _ output: OutputFlags,
        _ flags: SettingFlags,
        body: @escaping @Sendable (any MessageStore, OnlineContext) async throws -> Void
    ) async throws {
        try await OnlineContext.run(output, flags, [:]) { context in
            let store = try open(context.settings, as: .guest)
            do {
                try await body(store, context)
                await store.close()
                return .success
            } catch let error as StoreError {
                await store.close()
                throw EskizError(store: error)
            } catch {
                await store.close()
                throw error
            }
        }
    }

    /// The database file.
    static func path(_ settings: Settings) throws(EskizError) -> FilePath {
        guard let url = settings.server.databaseURL?.reveal() else {
            guard let folder = settings.client.stateDirectory else {
                throw EskizError(
                    .invalidConfiguration,
                    "There is no state directory to keep the queue in.",
                    remedy: "Set ESKIZ_STATE_DIR."
                )
            }
            return FilePath(folder).appending("eskiz.sqlite")
        }
        // sqlite:///var/lib/eskiz/eskiz.sqlite and sqlite://relative/file
        if url.hasPrefix("sqlite://"), url.count > 9 { return FilePath(String(url.dropFirst(9))) }
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            throw EskizError(
                .invalidConfiguration,
                "ESKIZ_DATABASE_URL names PostgreSQL, and messages can be kept in SQLite only so far.",
                remedy: "Leave it out to use SQLite; ESKIZ_OUTBOX_URL takes messages from a PostgreSQL."
            )
        }
        throw EskizError(
            .invalidConfiguration,
            "ESKIZ_DATABASE_URL is not an address of a database.",
            remedy: "Write sqlite:// and a path, for example sqlite:///var/lib/eskiz/eskiz.sqlite."
        )
    }
}

extension EskizError {
    /// A store's failure, as a verb reports it.
    init(store error: StoreError) {
        let code: Code =
            switch error.code {
            case .diskFull, .unavailable: .storeFailed
            default: .invalidConfiguration
            }
        self.init(
            code,
            error.summary,
            remedy: error.remedy,
            cause: error
        )
    }
}
