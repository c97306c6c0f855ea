import Logging
import SystemPackage
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct LogLineTests {
    private static func line(
        _ message: String = "message sent",
        _ metadata: Logger.Metadata = [:],
        level: Logger.Level = .info,
        _ format: LogFormat = .text
    ) -> String {
        LogLine(
            time: Date(timeIntervalSince1970: 1_795_464_065.042),
            label: "eskiz",
            level: level,
            message: message,
            metadata: metadata
        ).rendered(format)
    }

    @Test func `a text line has time, level, message and sorted metadata`() {
        let line = Self.line("message sent", ["b": "two words", "a": "1", "c": ""])
        #expect(line == #"2026-11-23T20:01:05.042Z INFO    message sent a=1 b="two words" c="""#)
    }

    @Test func `a JSON line is one object with typed values`() throws {
        let line = Self.line(
            "sent",
            [
                "attempt": "\(2)", "count": .stringConvertible(3), "list": ["x", "y"], "nested": ["k": "v"],
                "time": "own",
            ],
            level: .warning,
            .json
        )
        let expected =
            #"{"time":"2026-11-23T20:01:05.042Z","level":"warning","logger":"eskiz","message":"sent","attempt":"2","#
            + #""count":3,"list":["x","y"],"nested":{"k":"v"},"metadata.time":"own"}"#
        #expect(line == expected)
    }

    @Test(arguments: LogFormat.allCases)
    func `nobody can forge a line`(format: LogFormat) {
        let evil = "x\n2026-11-23T20:01:05.042Z ERROR forged\u{1B}[2J\u{2028}\r\u{202E}"
        let line = Self.line(evil, ["key\nkey": "\(evil)"], format)
        #expect(line.onOneLine == line)
    }

    @Test func `an endless value is cut`() {
        #expect(Self.line("m", ["v": "\(String(repeating: "x", count: 100_000))"]).utf8.count < 2200)
    }

    private static let token =
        "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTgwNTYwNjUsInN1YiI6IjEwMSJ9.c2lnbmF0dXJlLXRoYXQtbm9ib2R5LW1heS1zZWU"

    @Test(arguments: LogFormat.allCases)
    func `a token that slips through is cut to its preview`(format: LogFormat) {
        let line = Self.line("Authorization: Bearer \(Self.token)", ["header": "Bearer \(Self.token)"], format)
        #expect(!line.contains("c2lnbmF0"))
        #expect(!line.contains("eyJleHAi"))
        #expect(line.contains("eyJhbGciOiJIUzI1NiJ9…"))
    }

    @Test func `a short token shows no more than a quarter`() {
        #expect(Scrubbing.scrub("t=eyJhbGciOiJI.abcd.efgh") == "t=eyJhb…")
    }

    @Test(arguments: [
        ("to=998901234567", "to=99890*****67"), ("+998901234567.", "+99890*****67."),
        ("id=1998901234567", "id=1998901234567"), ("99890123456", "99890123456"), ("9989012345678", "9989012345678"),
    ])
    func `a phone that slips through is masked`(line: String, scrubbed: String) {
        #expect(Scrubbing.scrub(line) == scrubbed)
    }
}

@Suite struct LogSinkTests {
    private static func mode(_ path: FilePath) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private static func contents(_ path: FilePath) throws -> [String] {
        try String(contentsOfFile: path.string, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func logger(_ sink: LogSink, _ level: Logger.Level = .info) -> Logger {
        Logger(label: "eskiz") { LineLogHandler(label: $0, level: level, sink: sink) }
    }

    /// A file that stands for stderr.
    private static func console(_ folder: FilePath) throws -> FileDescriptor {
        try .open(folder.appending("console"), .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
    }

    @Test func `file and console get the same lines, and the file is private`() async throws {
        try await withFolder { folder in
            let console = try Self.console(folder)
            let path = folder.appending("state/deep/eskiz.log")
            let logger = Self.logger(LogSink(format: .text, console: console, filePath: path))
            logger.info("one", metadata: ["a": "1"])
            logger.debug("hidden")
            logger.error("two")
            try console.close()
            let lines = try Self.contents(path)
            #expect(lines.map { $0.split(separator: " ")[2...].joined(separator: " ") } == ["one a=1", "two"])
            #expect(try Self.contents(folder.appending("console")) == lines)
            #expect(try Self.mode(path) == 0o600)
            #expect(try Self.mode(folder.appending("state")) == 0o700)
        }
    }

    @Test func `a file that is open to others is tightened and appended to`() async throws {
        try await withFolder(["eskiz.log": "old\n"]) { folder in
            let path = folder.appending("eskiz.log")
            chmod(path.string, 0o644)
            Self.logger(LogSink(format: .text, console: nil, filePath: path)).info("new")
            let (mode, lines) = (try Self.mode(path), try Self.contents(path))
            #expect(mode == 0o600)
            #expect(lines.count == 2)
        }
    }

    @Test func `reopening follows the name after a rotation`() async throws {
        try await withFolder { folder in
            let path = folder.appending("eskiz.log")
            let sink = LogSink(format: .text, console: nil, filePath: path)
            let logger = Self.logger(sink)
            logger.info("before")
            try #require(rename(path.string, folder.appending("eskiz.log.1").string) == 0)
            logger.info("still the old one")
            sink.reopen()
            logger.info("after")
            #expect(try Self.contents(folder.appending("eskiz.log.1")).count == 2)
            #expect(try Self.contents(path).count == 1)
        }
    }

    @Test(arguments: ["/dev/full", "/dev/null/eskiz.log", "/proc/nowhere/eskiz.log"])
    func `a file that cannot be written is warned about once`(path: String) async throws {
        try await withFolder { folder in
            let console = try Self.console(folder)
            let logger = Self.logger(LogSink(format: .text, console: console, filePath: FilePath(path)))
            for _ in 1...3 { logger.info("line") }
            try console.close()
            let lines = try Self.contents(folder.appending("console"))
            #expect(lines.filter { $0.contains(" line") }.count == 3)
            #expect(lines.filter { $0.contains("WARNING") && $0.contains("log file") }.count == 1)
        }
    }

    @Test func `JSON lines stay JSON when the file fails`() async throws {
        try await withFolder { folder in
            let console = try Self.console(folder)
            Self.logger(LogSink(format: .json, console: console, filePath: "/dev/full")).info("line")
            try console.close()
            for line in try Self.contents(folder.appending("console")) {
                #expect(line.hasPrefix("{") && line.hasSuffix("}"))
            }
        }
    }

    @Test func `an error and handler metadata are written`() async throws {
        struct Trouble: Error {}
        try await withFolder { folder in
            let path = folder.appending("eskiz.log")
            var logger = Self.logger(LogSink(format: .text, console: nil, filePath: path))
            logger[metadataKey: "request"] = "7"
            logger.error("failed", error: Trouble(), metadata: ["attempt": "2"])
            let line = try #require(try Self.contents(path).first)
            #expect(line.hasSuffix("failed attempt=2 error=Trouble() request=7"))
        }
    }
}
