import Eskiz
import Logging

/// `send-rate eskiz|bare BASE_URL MESSAGES CONCURRENCY`: sends that many messages, that many at a time, after a warm-up
/// of a tenth, and prints one JSON line with the seconds it took and the most memory the process ever held.
@main
struct SendRate {
    static let phone = "+998901234567"
    static let text = "Sizning tasdiqlash kodingiz: 123456"

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let messages = Int(arguments[3]), let concurrency = Int(arguments[4]) else {
            print("usage: send-rate eskiz|bare BASE_URL MESSAGES CONCURRENCY")
            return
        }
        let configuration = try EskizConfiguration(
            email: "bench@example.test",
            password: "bench-key",
            baseURL: arguments[2],
            stateDirectory: nil
        )
        let spent =
            switch arguments[1] {
            case "eskiz": try await eskiz(configuration, messages: messages, concurrency: concurrency)
            case "bare": try await bare(configuration, messages: messages, concurrency: concurrency)
            default: fatalError("the first argument is eskiz or bare")  // a benchmark started wrongly
            }
        print(
            """
            {"messages": \(messages), "seconds": \(spent.wall / .seconds(1)), \
            "cpu_seconds": \(spent.processor / .seconds(1)), "peak_kib": \(try Process.peakKiB())}
            """
        )
    }

    private struct Spent {
        let wall: Duration
        let processor: Duration
    }

    private static func measure(
        _ messages: Int,
        _ concurrency: Int,
        _ send: @escaping @Sendable () async throws -> Void
    ) async throws -> Spent {
        try await Load.run(messages / 10, concurrency: concurrency, send)
        let before = Process.processorTime()
        let wall = try await ContinuousClock().measure {
            try await Load.run(messages, concurrency: concurrency, send)
        }
        return Spent(wall: wall, processor: Process.processorTime() - before)
    }

    private static func eskiz(
        _ configuration: EskizConfiguration,
        messages: Int,
        concurrency: Int
    ) async throws -> Spent {
        // A line for each message on stderr would be measured otherwise.
        var logger = Logger(label: "eskiz")
        logger.logLevel = .warning
        let client = try EskizClient(configuration: configuration, logger: logger)
        let spent = try await measure(messages, concurrency) { _ = try await client.send(text, to: phone) }
        await client.shutdown()
        return spent
    }

    /// The same request, byte for byte, without anything of ours around it.
    private static func bare(
        _ configuration: EskizConfiguration,
        messages: Int,
        concurrency: Int
    ) async throws -> Spent {
        let request = try await Recorder.sendRequest(configuration, text: text, phone: phone)
        let client = BareClient(concurrency: concurrency)
        let spent = try await measure(messages, concurrency) { try await client.send(request) }
        try await client.shutdown()
        return spent
    }
}
