import Eskiz
import EskizQueue
import Subprocess
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// This program in a process of its own, which can be killed.
struct DemoChild: Sendable {
    let arguments: [String]
    let environment: [String: String]
    let folder: FilePath
    /// Opened, it ends it as `kill -9` does.
    let kill = Latch()
    /// Opened, it ends it as an operator would.
    let end = Latch()
    private let addresses = AsyncStream.makeStream(of: String.self)

    init(arguments: [String], environment: [String: String], folder: FilePath) {
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs until one of the two opens, or it ends by itself.
    func run() async throws {
        defer { addresses.continuation.finish() }
        _ = try await Subprocess.run(
            .path(Self.program),
            arguments: Arguments(arguments),
            environment: .custom(values),
            workingDirectory: folder,
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            for try await line in execution.standardOutput.strings() {
                guard line.hasPrefix("listening ") else { continue }
                addresses.continuation.yield(line.dropFirst(10).filter { !$0.isNewline })
                break
            }
            await withTaskGroup { group in
                group.addTask { await kill.wait() }
                group.addTask { await end.wait() }
                await group.next()
                group.cancelAll()
            }
            try? execution.send(signal: kill.isOpen || Task.isCancelled ? .kill : .terminate)
        }
    }

    /// Where it listens.
    ///
    /// - Throws: `EskizError` if it ends before.
    func address() async throws -> String {
        for await address in addresses.stream { return address }
        throw EskizError(.internalError, "A gateway of the demo did not start.", remedy: "Please report it.")
    }

    private var values: [Environment.Key: String] {
        var values: [Environment.Key: String] = [:]
        for name in ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "PGPASSFILE", "PGSSLROOTCERT"] {
            values[Environment.Key(stringLiteral: name)] = ProcessInfo.processInfo.environment[name]
        }
        for (name, value) in environment { values[Environment.Key(stringLiteral: name)] = value }
        return values
    }

    private static var program: FilePath {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            return FilePath(path)
        }
        return FilePath(CommandLine.arguments[0])
    }
}
