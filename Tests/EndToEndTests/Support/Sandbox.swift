import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A home of its own for the command: working directory, state directory, and an environment that holds nothing else.
struct Sandbox: Sendable {
    let folder: FilePath
    var environment: [String: String]

    var state: FilePath { folder.appending("state") }
    var log: FilePath { state.appending("eskiz.log") }
    var tokenFile: FilePath { state.appending("token.json") }

    /// Runs `eskiz` to its end.
    func eskiz(
        _ arguments: String...,
        setting overrides: [String: String?] = [:],
        input: String = ""
    ) async throws -> Finished {
        try await run(arguments, setting: overrides, input: input)
    }

    func run(
        _ arguments: [String],
        setting overrides: [String: String?] = [:],
        input: String = ""
    ) async throws -> Finished {
        let result = try await Subprocess.run(
            .path(Product.path),
            arguments: Arguments(arguments),
            environment: environment(with: overrides),
            workingDirectory: folder,
            input: .string(input),
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 22)
        )
        return Finished(
            status: result.terminationStatus.number,
            output: result.standardOutput,
            error: result.standardError
        )
    }

    /// Runs `eskiz`, and sends it a signal when the body returns.
    func eskiz(
        _ arguments: String...,
        setting overrides: [String: String?] = [:],
        signalled signal: Signal,
        when: @escaping @Sendable () async throws -> Void
    ) async throws -> Finished {
        let result = try await Subprocess.run(
            .path(Product.path),
            arguments: Arguments(arguments),
            environment: environment(with: overrides),
            workingDirectory: folder,
            input: .none,
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 22)
        ) { execution in
            try await when()
            try execution.send(signal: signal)
        }
        return Finished(
            status: result.terminationStatus.number,
            output: result.standardOutput,
            error: result.standardError
        )
    }

    /// Runs a shell line with `$ESKIZ` in it, for what only a shell can do: pipes, redirections, closed descriptors.
    func shell(_ line: String, setting overrides: [String: String?] = [:]) async throws -> Finished {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", line],
            environment: environment(with: overrides.merging(["ESKIZ": Product.path.string]) { own, _ in own }),
            workingDirectory: folder,
            input: .none,
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 22)
        )
        return Finished(
            status: result.terminationStatus.number,
            output: result.standardOutput,
            error: result.standardError
        )
    }

    func environment(with overrides: [String: String?] = [:]) -> Environment {
        var values = environment
        for (name, value) in overrides { values[name] = value }
        return .custom(
            Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
        )
    }

    func write(_ contents: String, to name: String) throws {
        try Data(contents.utf8).write(to: URL(filePath: folder.appending(name).string))
    }

    func read(_ path: FilePath) throws -> String {
        try String(contentsOfFile: path.string, encoding: .utf8)
    }
}

/// A process that has ended.
struct Finished: Sendable, CustomStringConvertible {
    let status: Int32
    let output: String
    let error: String

    /// stdout as the one document it has to be.
    func document<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output.utf8))
    }

    var description: String { "status \(status)\n--- stdout\n\(output)\n--- stderr\n\(error)" }
}

extension TerminationStatus {
    /// As a shell shows it: 128 more for a signal.
    var number: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

/// The built command, which lies beside the test bundle.
enum Product {
    static let path: FilePath = {
        let bundle = FilePath(ProcessInfo.processInfo.arguments.first ?? "")
        var folder = bundle.removingLastComponent()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folder = FilePath(own).removingLastComponent()
        }
        for _ in 1...4 {
            let candidate = folder.appending("eskiz")
            if FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
            folder = folder.removingLastComponent()
        }
        return "eskiz"
    }()
}

/// Gives the body a sandbox that is gone afterwards.
func withSandbox<Result>(_ body: (Sandbox) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "eskiz-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = FilePath(folder.path(percentEncoded: false))
    var environment = [
        "HOME": path.string, "PATH": "/usr/bin:/bin", "TMPDIR": path.string,
        "ESKIZ_STATE_DIR": path.appending("state").string, "ESKIZ_LANG": "en",
    ]
    // What a sanitizer needs to know (scripts/sanitize) the command needs to know, too.
    for name in ["LD_PRELOAD", "TSAN_OPTIONS", "LSAN_OPTIONS"] {
        environment[name] = ProcessInfo.processInfo.environment[name]
    }
    return try await body(Sandbox(folder: path, environment: environment))
}
