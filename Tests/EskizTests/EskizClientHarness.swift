import Eskiz
import EskizTestSupport
import EskizTesting
import Logging
import Synchronization

/// A client on a scripted network, and what it wrote to its log.
struct Harness {
    let transport = ScriptedTransport()
    let log = RecordedLog()
    let client: EskizClient

    init(
        callbackURL: String? = nil,
        sender: String = "4546",
        codeTemplate: String = "Kodingiz: {code}",
        maximumSegments: Int = 8,
        clock: any KeeperClock = SystemKeeperClock()
    ) throws {
        client = try EskizClient(
            configuration: EskizConfiguration(
                token: "canary.canary.canary",
                baseURL: "https://notify.eskiz.uz/api",
                sender: sender,
                callbackURL: callbackURL,
                codeTemplate: codeTemplate,
                maximumSegments: maximumSegments
            ),
            transport: transport,
            logger: log.logger,
            store: MemoryTokenStore(),
            clock: clock,
            random: { 41 }
        )
    }

    /// The one request that was made.
    var request: RecordedRequest? { transport.requests.count == 1 ? transport.requests.first : nil }
}

/// The error of a call that must fail.
func failure<Value>(_ body: () async throws(EskizError) -> Value) async throws -> EskizError {
    let value: Value
    do throws(EskizError) {
        value = try await body()
    } catch {
        return error
    }
    throw DidNotFail(description: "returned \(value)")
}

struct DidNotFail: Error, CustomStringConvertible {
    let description: String
}
