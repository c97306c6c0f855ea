import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A state directory on a disk that is full or cannot be written: messages go out all the same, and it is said.
@Suite(.timeLimit(.minutes(2))) struct DiskTests {
    private static let said = "Token is kept in memory only"

    /// Thread sanitizer's own memory is a file that has to grow.
    private static let mayLimitFiles = ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil

    @Test(.enabled(if: mayLimitFiles))
    func `where no file may grow the token lives in memory, and messages go out`() async throws {
        try await withSimulator { sandbox, simulator in
            // As on a full disk: files can be made, and nothing can be written into them.
            let sent = try await sandbox.shell("trap '' XFSZ; ulimit -f 0; $ESKIZ send 901234567 Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(sent.error.contains(Self.said), "\(sent)")
            #expect(try await simulator.inbox().count == 1)
            let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.state.string)
            #expect(!left.contains { $0.hasPrefix("token.json") }, "half a file was left: \(left)")
        }
    }

    @Test(.enabled(if: mayLimitFiles))
    func `a renewal that cannot be stored leaves the old token whole`() async throws {
        try await withSimulator { sandbox, _ in
            _ = try await sandbox.eskiz("login")
            let before = try sandbox.read(sandbox.tokenFile)
            let renewed = try await sandbox.shell("trap '' XFSZ; ulimit -f 0; $ESKIZ refresh-token")
            #expect(renewed.status == 74, "\(renewed)")
            #expect(renewed.output.contains("renewed, but could not be stored"), "\(renewed)")
            #expect(renewed.output.contains("lost when the process ends"), "\(renewed)")
            #expect(try sandbox.read(sandbox.tokenFile) == before)
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
        }
    }

    /// Runs a line with `$DISK`, a small file system of its own, mounted in a name space of its own.
    private static let mounting = """
        exec unshare -m sh -ec 'DISK=$HOME/disk; export DISK; mkdir -p "$DISK"
        mount -t tmpfs -o size=64k,mode=0700 none "$DISK"; export ESKIZ_STATE_DIR="$DISK/state"; eval "$LINE"'
        """

    /// Whether this user may do that.
    private static let mayMount: Bool = {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let bits = line.split(whereSeparator: \.isWhitespace).last.flatMap({ UInt64($0, radix: 16) })
        else { return false }
        // CAP_SYS_ADMIN
        return bits & (1 << 21) != 0
    }()

    @Test(
        .enabled(if: mayMount, "mounting needs CAP_SYS_ADMIN"),
        arguments: [
            ("a full disk", "head -c 65536 /dev/zero > \"$DISK/fill\" || true", "No space left on device"),
            ("a read-only disk", "mount -o remount,ro \"$DISK\"", "Read-only file system"),
        ]
    )
    func `a real disk that takes nothing stops no message`(kind: String, spoil: String, reason: String) async throws {
        try await withSimulator { sandbox, simulator in
            let line = """
                $ESKIZ login; \(spoil); $ESKIZ send 901234567 Salom; $ESKIZ refresh-token || [ $? = 74 ];
                $ESKIZ send 901234567 Salom; ls "$ESKIZ_STATE_DIR"
                """
            let sent = try await sandbox.shell(Self.mounting, setting: ["LINE": line])
            #expect(sent.status == 0, "\(kind): \(sent)")
            #expect(sent.error.contains(Self.said) && sent.error.contains(reason), "\(kind): \(sent)")
            #expect(sent.output.contains("lost when the process ends"), "\(kind): \(sent)")
            #expect(!sent.output.contains(".tmp"), "\(kind): \(sent)")
            #expect(try await simulator.inbox().count == 2)
            // What was stored before serves on.
            #expect(try await simulator.ledger().logins == 1)
        }
    }
}
