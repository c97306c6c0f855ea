import ServiceLifecycle
import UnixSignals

/// Opens the log file again by its name whenever SIGHUP arrives, as logrotate expects of a server.
struct LogReopening: Service {
    let sink: LogSink

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { sink.reopen() }
    }
}
