import Eskiz
import EskizPostgres
import EskizQueue
import Subprocess
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A PostgreSQL for a demo that leaves nothing behind.
enum DemoDatabase {
    /// Somebody's database in which nothing of ours is yet; afterwards it is so again.
    ///
    /// - Throws: `EskizError` if the schema `eskiz` is there: its messages would go to the simulator, and be lost.
    static func withSchema<Value: Sendable>(
        of url: String,
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let connection = PostgresConnection(try StoreSelection.postgres(url, .databaseURL))
        do throws(PostgresError) {
            let isUsed = try await connection.run { (session) throws(PostgresError) in
                try session.query("SELECT pg_catalog.to_regnamespace('eskiz') IS NOT NULL AS used").first?.bool("used")
            }
            guard isUsed == false else {
                await connection.close()
                throw PostgresError(.duplicate)
            }
        } catch {
            await connection.close()
            guard error.kind == .duplicate else { throw EskizError(postgres: error, setting: .databaseURL) }
            throw EskizError.worded(.invalidConfiguration, .fleetDatabaseUsed, remedy: .fleetDatabaseUsedRemedy)
        }
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        try? await connection.script("DROP SCHEMA IF EXISTS eskiz CASCADE")
        await connection.close()
        return try outcome.get()
    }

    /// One that is started in a folder and ends with the body.
    ///
    /// - Throws: `EskizError` if PostgreSQL is not installed here.
    static func withOwn<Value: Sendable>(
        in folder: TemporaryFolder,
        _ body: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        guard let tools else {
            throw EskizError.worded(.invalidConfiguration, .fleetNoDatabase, remedy: .fleetNoDatabaseRemedy)
        }
        // Short enough for the name of a socket, wherever temporary folders are.
        let place = "/tmp/eskiz-demo-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let end = Latch()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                _ = try await Subprocess.run(
                    .path("/bin/sh"),
                    arguments: ["-c", script, "sh", place, tools],
                    environment: .custom(["PATH": "\(tools):/usr/bin:/bin", "LC_ALL": "C"]),
                    input: .none,
                    output: .discarded,
                    error: .discarded
                ) { execution in
                    await end.wait()
                    // Fast: connections are ended, and nobody is waited for.
                    try? execution.send(signal: .interrupt)
                }
                return nil
            }
            group.addTask {
                defer { end.open() }
                let url = "postgresql://eskiz@/postgres?host=\(place)&port=\(port)"
                try await waitUntilReady(url)
                return try await body(url)
            }
            var value: Value?
            while let finished = try await group.next() { value = value ?? finished }
            guard let value else { throw CancellationError() }
            return value
        }
    }

    private static let port = 5_432
    private static let startLimit: Duration = .seconds(60)

    /// Takes the folder and the tools.
    ///
    /// The server does not run as root, who becomes its user.
    private static let script = """
        set -e
        mkdir -m 711 "$1"
        as=
        if [ "$(id -u)" = 0 ]; then
            chown postgres "$1"
            as="setpriv --reuid=postgres --regid=postgres --clear-groups"
        fi
        $as "$2/initdb" -D "$1/data" -U eskiz -A trust --no-sync -E UTF8 --locale=C >/dev/null
        exec $as "$2/postgres" -D "$1/data" -k "$1" -p \(port) -c listen_addresses= -c fsync=off
        """

    private static func waitUntilReady(_ url: String) async throws {
        let connection = PostgresConnection(PostgresAddress(url))
        let end = ContinuousClock.now + startLimit
        while true {
            do throws(PostgresError) {
                try await connection.script("SELECT 1")
                return await connection.close()
            } catch {
                guard ContinuousClock.now < end, error.kind != .libraryMissing else {
                    await connection.close()
                    throw EskizError(postgres: error, setting: .databaseURL)
                }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// The folder of `initdb` and `postgres`; nil where there is none.
    private static var tools: String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let debian = versions.sorted { $0.count == $1.count ? $0 > $1 : $0.count > $1.count }
            .map { "/usr/lib/postgresql/\($0)/bin" }
        let folders = debian + path.split(separator: ":").map(String.init)
        return folders.first { folder in
            ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
        }
    }
}
