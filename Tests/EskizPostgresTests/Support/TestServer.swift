import EskizPostgres
import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A PostgreSQL of the tests' own, started by the first who asks and ended with this process.
actor TestServer {
    static let shared = TestServer()

    private var starting: Task<Place, any Error>?
    private var databases = 0

    struct Place: Sendable {
        var folder: String
        var port: Int
    }

    var place: Place {
        get async throws {
            if let starting { return try await starting.value }
            let task = Task {
                // Where PostgreSQL's own user may go, too, and short enough for the name of a socket.
                let folder =
                    "/tmp/eskiz-pg-\(ProcessInfo.processInfo.processIdentifier)-\(UInt16.random(in: 0 ... .max))"
                let output = try await Self.cluster("start", folder, String(ProcessInfo.processInfo.processIdentifier))
                return Place(folder: folder, port: try #require(Int(output)))
            }
            starting = task
            return try await task.value
        }
    }

    /// A fresh database, as its superuser sees it through the socket.
    ///
    /// - Parameter template: whose tables it begins with; nobody may be connected to that.
    /// - Returns: the database.
    /// - Throws: what keeps it from being made.
    func database(from template: TestDatabase? = nil) async throws -> TestDatabase {
        let place = try await place
        databases += 1
        let database = TestDatabase(place: place, name: "test_\(databases)")
        let connection = PostgresConnection(PostgresAddress(TestDatabase(place: place, name: "postgres").url()))
        try await connection.script(
            "CREATE DATABASE \(database.name)" + (template.map { " TEMPLATE \($0.name)" } ?? "")
        )
        await connection.close()
        return database
    }

    @discardableResult
    static func cluster(_ arguments: String...) async throws -> String {
        try await script("cluster", arguments)
    }

    /// Runs a script of `Tests/Postgres` and returns the one word that it prints.
    @discardableResult
    static func script(_ name: String, _ arguments: [String]) async throws -> String {
        let tests = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let result = try await Subprocess.run(
            .path(tests.appending("Postgres").appending(name)),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput.filter { !$0.isWhitespace }
    }
}

/// One database of the server.
struct TestDatabase: Sendable {
    let place: TestServer.Place
    let name: String

    /// Its address through the socket, where everybody is let in.
    func url(user: String = "eskiz_test", _ options: String = "") -> String {
        "postgresql://\(user)@/\(name)?host=\(place.folder)&port=\(place.port)\(options)"
    }

    /// Its address by TCP, where a password is asked for.
    func tcp(user: String = "eskiz_test", password: String = "secret") -> String {
        "postgresql://\(user):\(password)@127.0.0.1:\(place.port)/\(name)"
    }

    var address: PostgresAddress { PostgresAddress(url()) }

    /// Runs statements as superuser, on a connection of their own.
    func script(_ sql: String) async throws {
        let connection = PostgresConnection(address)
        try await connection.script(sql)
        await connection.close()
    }

    func number(_ sql: String) async throws -> Int64 {
        let connection = PostgresConnection(address)
        let number = try await connection.run { (session) throws(PostgresError) in
            try session.query("SELECT (\(sql))::bigint AS number").first?.int("number")
        }
        await connection.close()
        return try #require(number)
    }
}
