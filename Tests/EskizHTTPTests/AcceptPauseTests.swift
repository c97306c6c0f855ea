import EskizHTTP
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

/// How many connections a server takes, and what it does when the process may open no more files.
@Suite final class AcceptPauseTests {
    private let listening = EmbeddedChannel()
    private var accepted: [EmbeddedChannel] = []
    private let lines = LogCount()
    private let logger: Logger

    init() {
        var logger = Logger(label: "test") { [lines] _ in lines }
        logger.logLevel = .error
        self.logger = logger
    }

    /// A channel holds itself until it is closed.
    deinit {
        for channel in accepted + [listening] { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    /// Whether it asks for connections; nil while nobody has said so.
    private var isReading: Bool? {
        listening.options.compactMap { $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil }.last
    }

    private func add(_ handler: AcceptPause) throws {
        try listening.pipeline.syncOperations.addHandler(handler)
    }

    private func accept() throws -> EmbeddedChannel {
        let child = EmbeddedChannel(handlers: [], loop: listening.embeddedEventLoop)
        accepted.append(child)
        let channel: any Channel = child
        try listening.writeInbound(channel)
        return child
    }

    @Test func `at the limit no more are taken, until one of them ends`() throws {
        try add(AcceptPause(connectionLimit: 2, logger: logger))
        let first = try accept()
        #expect(isReading == nil && lines.count == 0)
        let second = try accept()
        #expect(isReading == false && lines.count == 1)
        _ = try first.finish(acceptAlreadyClosed: true)
        listening.embeddedEventLoop.run()
        #expect(isReading == true)
        _ = try accept()
        #expect(isReading == false && lines.count == 1, "and it is told once a minute")
        _ = try second.finish(acceptAlreadyClosed: true)
        listening.embeddedEventLoop.run()
        #expect(isReading == true)
    }

    @Test func `what is accepted is passed on`() throws {
        try add(AcceptPause(connectionLimit: 2, logger: logger))
        let child = try accept()
        let passed = try listening.readInbound(as: (any Channel).self)
        #expect(passed === child)
    }

    @Test func `without descriptors nothing is asked for a second, and that is said once a minute`() throws {
        try add(AcceptPause(connectionLimit: 100, logger: logger))
        for expected in [1, 1, 2] {
            listening.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
            #expect(throws: IOError.self) { try listening.throwIfErrorCaught() }
            #expect(lines.count == expected && isReading == false)
            listening.embeddedEventLoop.advanceTime(by: .milliseconds(999))
            #expect(isReading == false)
            listening.embeddedEventLoop.advanceTime(by: .milliseconds(1))
            #expect(isReading == true)
            listening.embeddedEventLoop.advanceTime(by: .seconds(30))
        }
    }

    @Test func `a shortage that ends does not open what is full`() throws {
        try add(AcceptPause(connectionLimit: 1, logger: logger))
        let child = try accept()
        listening.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
        #expect(throws: IOError.self) { try listening.throwIfErrorCaught() }
        listening.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(isReading == false)
        _ = try child.finish(acceptAlreadyClosed: true)
        listening.embeddedEventLoop.run()
        #expect(isReading == true)
    }

    @Test(
        arguments: [
            (nil, Int.max), (65_536, 65_280), (1_024, 768), (512, 256), (96, 48), (3, 2), (1, 1), (0, 1),
        ] as [(Int?, Int)]
    )
    func `the process keeps files for its own work`(limit: Int?, connections: Int) {
        #expect(FileLimit.connections(of: limit) == connections)
    }

    @Test func `the limit of this process is known`() {
        #expect(FileLimit.current.map { $0 > 0 } ?? true)
    }
}

/// Counts lines.
private final class LogCount: LogHandler {
    private let counter = Mutex(0)
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .error }
        set {}
    }

    var count: Int { counter.withLock(\.self) }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { counter.withLock { $0 += 1 } }
}
