import AsyncHTTPClient
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Loads a gateway, plays a provider behind it, or answers like one without keeping anything; prints one JSON document.
///
///     eskiz-gateway-load answer   --port 9001
///     eskiz-gateway-load forget   --port 9001 --key K
///     eskiz-gateway-load provider --port 9002 --delay 50
///     eskiz-gateway-load latency  --gateway http://127.0.0.1:8080 --key K --provider 9002 --messages 500 --every 10
///     eskiz-gateway-load claim    --file queue.sqlite --waiting 1000000 --claims 500
@main
struct GatewayLoad {
    static func main() async throws {
        let options = Options(CommandLine.arguments)
        switch options.verb {
        case "answer": try await AnsweringServer(port: options.number("port")).run()
        case "forget": try await ForgetfulGateway(port: options.number("port"), key: options.text("key")).run()
        case "provider":
            try await ProviderStub(delay: .milliseconds(options.number("delay"))).run(port: options.number("port"))
        case "latency": try await Latency(options).run()
        case "claim": try await Claims(options).run()
        default: print("usage: eskiz-gateway-load answer|forget|provider|latency|claim …")
        }
    }
}

struct Options {
    let verb: String
    private var values: [String: String] = [:]

    init(_ arguments: [String]) {
        verb = arguments.dropFirst().first ?? ""
        var rest = arguments.dropFirst(2)
        while let name = rest.popFirst(), let value = rest.popFirst() {
            values[String(name.dropFirst(2))] = value
        }
    }

    func text(_ name: String) -> String { values[name] ?? "" }
    func number(_ name: String, or standard: Int = 0) -> Int { values[name].flatMap { Int($0) } ?? standard }
}

/// Prints a line at once: `print` keeps what goes into a pipe until there is more of it.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

/// Nanoseconds that all processes of this machine share.
func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Sorted times and what is read off them, in milliseconds.
struct Percentiles {
    let sorted: [Int64]

    init(_ nanoseconds: [Int64]) {
        sorted = nanoseconds.sorted()
    }

    func at(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let index = min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))
        return Double(sorted[index]) / 1e6
    }

    var json: String {
        "\"p50_ms\":\(at(0.5)),\"p90_ms\":\(at(0.9)),\"p99_ms\":\(at(0.99)),\"max_ms\":\(at(1))"
    }
}
