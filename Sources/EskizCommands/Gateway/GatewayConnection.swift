import AsyncHTTPClient
import Eskiz
import EskizHTTP
import NIOCore
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A running gateway, asked as any application would ask it.
struct GatewayConnection: Sendable {
    let address: String
    private let key: String
    private let wire: GatewayWire

    /// - Parameters:
    ///   - settings: where it listens, and which keys it accepts.
    ///   - address: `--gateway`; the address of the settings unless given.
    /// - Throws: ``EskizError`` with the code `invalid_configuration` if there is no key to show.
    init(_ settings: Settings, address: String?) throws(EskizError) {
        self.address = address.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? settings.server.listen.url
        wire = GatewayWire(settings.client.trustRoots)
        if let key = settings.server.apiKeys.reveal().first {
            self.key = key
        } else if let folder = settings.client.stateDirectory,
            let key = try GatewayKeyFile(stateDirectory: folder).read()
        {
            self.key = key
        } else {
            throw EskizError.worded(.invalidConfiguration, .gatewayKeyMissing, remedy: .gatewayKeyMissingRemedy)
        }
    }

    init(address: String, key: String) {
        self.address = address
        self.key = key
        wire = GatewayWire(.system)
    }

    /// One call: the answer's document.
    func call(
        _ method: HTTPMethod,
        _ path: String,
        body: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> [UInt8] {
        var request = request(method, path)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(Array(body.utf8))
        }
        let response = try await execute(request, timeout: .seconds(30))
        var content = try await response.body.collect(upTo: 8 << 20)
        let bytes = content.readBytes(length: content.readableBytes) ?? []
        guard (200..<300).contains(response.status.code) else { throw failure(Int(response.status.code), bytes) }
        return bytes
    }

    /// The gateway's events, one document each, until the connection ends.
    func events(_ tell: (_ event: String, _ data: String) async throws -> Void) async throws {
        let response = try await execute(request(.GET, "/v1/events"), timeout: .hours(24 * 365))
        guard response.status == .ok else {
            var content = try await response.body.collect(upTo: 1 << 16)
            throw failure(Int(response.status.code), content.readBytes(length: content.readableBytes) ?? [])
        }
        var lines = EventLines()
        do {
            for try await chunk in response.body {
                for event in lines.take(chunk.readableBytesView) { try await tell(event.name, event.data) }
            }
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        }
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: Self.base(address) + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        return request
    }

    /// A socket in the file system, as the HTTP library writes it: `http+unix://%2Frun%2Feskiz.sock`.
    static func base(_ address: String) -> String {
        guard let listen = ListenAddress(text: address), case .socket(let path) = listen.place else { return address }
        let host = path.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x2E
                || byte == 0x5F
            if isPlain { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }
        return "http+unix://" + host.joined()
    }

    private func execute(_ request: HTTPClientRequest, timeout: TimeAmount) async throws -> HTTPClientResponse {
        do {
            return try await wire.client.execute(request, deadline: .now() + timeout)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw EskizError.worded(
                .connectionFailed,
                .gatewayAway,
                ["address": address],
                remedy: .gatewayAwayRemedy
            )
        }
    }

    private func failure(_ status: Int, _ body: [UInt8]) -> EskizError {
        struct Problem: Decodable {
            var code: String?
            var detail: String?
            var title: String?
        }
        let problem = try? JSONDecoder().decode(Problem.self, from: Data(body))
        let said = (problem?.detail ?? problem?.title).map { Sentence(verbatim: $0) }
        let sentence = said ?? "The gateway answered \(status)."
        switch status {
        case 403 where problem?.code == "blocked":
            return EskizError(.refused, sentence, remedy: "", httpStatus: status)
        case 401, 403:
            return .worded(
                .credentialsRefused,
                .gatewayKeyRefused,
                remedy: .gatewayKeyRefusedRemedy,
                httpStatus: status
            )
        case 404:
            return EskizError(.notFound, sentence, remedy: "Look at the id again.", httpStatus: status)
        case 500...:
            return EskizError(.serverError, sentence, remedy: "See the gateway's log.", httpStatus: status)
        default:
            return EskizError(.refused, sentence, remedy: "", httpStatus: status)
        }
    }
}

/// The HTTP client that a gateway is asked with.
private final class GatewayWire: Sendable {
    let client: HTTPClient
    private let isOwn: Bool

    /// - Parameter trustRoots: whom TLS trusts, where the gateway is behind a proxy.
    init(_ trustRoots: TrustRoots) {
        isOwn = trustRoots != .system
        guard isOwn else {
            client = .shared
            return
        }
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.trust(trustRoots)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // AsyncHTTPClient insists on being shut down; what all share may not be.
        if isOwn { client.shutdown { _ in } }
    }
}

/// Cuts a stream of server-sent events into events.
struct EventLines {
    private var rest: [UInt8] = []
    private var name = "message"
    private var data: [String] = []

    mutating func take(_ bytes: some Sequence<UInt8>) -> [(name: String, data: String)] {
        var events: [(name: String, data: String)] = []
        for byte in bytes {
            guard byte == 0x0A else {
                if byte != 0x0D { rest.append(byte) }
                continue
            }
            let line = String(decoding: rest, as: UTF8.self)
            rest.removeAll(keepingCapacity: true)
            if line.isEmpty {
                if !data.isEmpty { events.append((name, data.joined(separator: "\n"))) }
                (name, data) = ("message", [])
            } else if line.hasPrefix("event:") {
                name = String(line.dropFirst(6).drop { $0 == " " })
            } else if line.hasPrefix("data:") {
                let value = line.dropFirst(5)
                data.append(String(value.first == " " ? value.dropFirst() : value))
            }
        }
        return events
    }
}
