import Eskiz
import EskizPostgres
import EskizQueue
import EskizSQLite
import Logging
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which store the settings ask for: the one place that knows more than the protocol.
enum StoreSelection {
    /// What is done with the store.
    enum Role {
        /// A gateway: it sends.
        case gateway
        /// A verb that looks or changes keys beside a running gateway.
        case guest
    }

    /// Where the queue is.
    enum Place {
        case file(FilePath)
        case postgres(PostgresAddress)
    }

    /// Between two tries to reach a database that is away.
    private static let pause: Duration = .seconds(2)

    static func open(
        _ settings: Settings,
        as role: Role,
        logger: Logger
    ) async throws -> any MessageStore {
        switch try place(settings) {
        case .file(let path):
            do {
                switch role {
                case .gateway: return try SQLiteMessageStore(path: path.string)
                case .guest: return try SQLiteMessageStore(guestOf: path.string)
                }
            } catch {
                throw EskizError(store: error)
            }
        case .postgres(let address):
            return try await open(address, settings.server, as: role, logger: logger)
        }
    }

    /// Connects; a gateway waits for a database that is away, unless a person has to mend something.
    private static func open(
        _ address: PostgresAddress,
        _ server: ServerSettings,
        as role: Role,
        logger: Logger
    ) async throws -> PostgresMessageStore {
        var options = PostgresMessageStore.Options()
        options.migrates = server.migratesDatabase
        options.isGuest = role == .guest
        options.version = EskizCommand.version
        options.listening = try server.databaseListenURL.map { (url) throws(EskizError) in
            try postgres(url.reveal(), .databaseListenURL)
        }
        let store = PostgresMessageStore(address, owner: ProcessName.own, options: options)
        var isNews = true
        while true {
            do throws(PostgresError) {
                try await store.open()
                if role == .gateway { await warn(of: store, logger) }
                return store
            } catch {
                guard role == .gateway, !error.kind.needsAPerson else {
                    await store.close()
                    throw EskizError(postgres: error, setting: .databaseURL)
                }
                if isNews {
                    logger.warning(
                        "The database does not answer yet; it is tried again",
                        metadata: [QueueLogKeys.errorCode: "\(error.kind.rawValue)", QueueLogKeys.error: "\(error)"]
                    )
                }
                isNews = false
            }
            try await Task.sleep(for: pause)
        }
    }

    /// Says at the start what a failure of the database may cost, if it may cost messages.
    private static func warn(of store: PostgresMessageStore, _ logger: Logger) async {
        guard let promise = try? await store.promise(), promise == .asynchronous || promise == .unflushed else {
            return
        }
        logger.warning(
            "A failure of the database may lose what was accepted last",
            metadata: ["database.promise": "\(promise.rawValue)"]
        )
    }

    /// Runs a verb that needs the store and nothing of Eskiz.
    static func run(
        _ output: OutputFlags,
        _ flags: SettingFlags,
        body: @escaping @Sendable (any MessageStore, OnlineContext) async throws -> Void
    ) async throws {
        try await OnlineContext.run(output, flags, [:]) { context in
            let store = try await open(context.settings, as: .guest, logger: context.logger)
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

    /// Where the settings say that the queue is.
    static func place(_ settings: Settings) throws(EskizError) -> Place {
        guard let url = settings.server.databaseURL?.reveal() else {
            guard let folder = settings.client.stateDirectory else {
                throw EskizError(
                    .invalidConfiguration,
                    "There is no state directory to keep the queue in.",
                    remedy: "Set ESKIZ_STATE_DIR."
                )
            }
            return .file(FilePath(folder).appending("eskiz.sqlite"))
        }
        // sqlite:///var/lib/eskiz/eskiz.sqlite and sqlite://relative/file
        if url.hasPrefix("sqlite://"), url.count > 9 { return .file(FilePath(String(url.dropFirst(9)))) }
        if PostgresAddress.isPostgres(url) { return .postgres(try postgres(url, .databaseURL)) }
        throw EskizError(
            .invalidConfiguration,
            "ESKIZ_DATABASE_URL is not an address of a database.",
            remedy:
                "Write sqlite:// and a path, for example sqlite:///var/lib/eskiz/eskiz.sqlite, or postgres://user@host/database."
        )
    }

    /// The PostgreSQL that the queue is in; nil for another place.
    static func postgresAddress(_ settings: Settings) throws(EskizError) -> PostgresAddress? {
        guard let url = settings.server.databaseURL?.reveal(), PostgresAddress.isPostgres(url) else { return nil }
        return try postgres(url, .databaseURL)
    }

    /// The address of a PostgreSQL, checked without connecting.
    static func postgres(_ url: String, _ setting: SettingName) throws(EskizError) -> PostgresAddress {
        do throws(PostgresError) {
            guard PostgresAddress.isPostgres(url) else { throw PostgresError(.badAddress) }
            try LibPQ.check(url)
        } catch {
            throw EskizError(postgres: error, setting: setting)
        }
        return PostgresAddress(url)
    }
}

/// What this process is called where several share something.
enum ProcessName {
    /// Unique: a host may start the gateway anew with the same process id.
    static let own: String = {
        let process = ProcessInfo.processInfo
        return "\(process.hostName)-\(process.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    }()
}

/// Where the token is, if not in the state directory.
enum TokenSelection {
    /// The row of the database that the queue is in; nil for the state directory.
    ///
    /// - Throws: `EskizError` where nothing seals it.
    static func open(_ settings: Settings) throws(EskizError) -> PostgresTokenStore? {
        guard let address = try StoreSelection.postgresAddress(settings) else { return nil }
        guard let key = settings.client.tokenKey else {
            throw EskizError.missingAccount(.tokenKeyNeeded, remedy: .tokenKeyNeededRemedy)
        }
        return PostgresTokenStore(
            address,
            key: key,
            owner: ProcessName.own,
            migrating: settings.server.migratesDatabase
        )
    }

    /// Looks whether the key opens what another host has stored.
    static func check(_ tokens: PostgresTokenStore?) async throws(EskizError) {
        guard let tokens, let stored = try? await tokens.load(), stored.anomaly != nil else { return }
        throw EskizError.missingAccount(.tokenKeyWrong, remedy: .tokenKeyWrongRemedy)
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
            error.what,
            remedy: error.advice,
            cause: error
        )
    }
}
