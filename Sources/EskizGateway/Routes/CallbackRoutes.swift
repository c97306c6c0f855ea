import Crypto
import Eskiz
package import EskizQueue
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore

/// Where Eskiz posts its delivery reports (eskiz-api.md §10).
///
/// Eskiz signs nothing and has no published addresses, so an unguessable path is all there is; whoever does not know it
/// sees a path that does not exist. Whoever does is answered 200, whatever the body holds: a report that cannot be read
/// now cannot be read on a second try either.
package struct CallbackRoutes: Sendable {
    private let queue: MessageQueue
    private let secret: CallbackSecret
    private let logger: Logger

    /// Reports are a few hundred bytes; more than this is kept as far as it goes and read no further.
    private static let bodyLimit = 64 << 10

    package init(queue: MessageQueue, secret: CallbackSecret, logger: Logger) {
        self.queue = queue
        self.secret = secret
        self.logger = logger
    }

    package func add(to router: Router<GatewayContext>) {
        router.post("/callbacks/eskiz/:secret") { request, context in
            guard let given = context.parameters.get("secret"), secret.isSame(as: given) else {
                throw HTTPError(.notFound)
            }
            return try await receive(request)
        }
    }

    private func receive(_ request: Request) async throws -> Response {
        let raw = RawReport(
            receivedAt: queue.clock.timestamp,
            contentType: request.headers[.contentType] ?? "",
            body: try await Self.prefix(of: request.body)
        )
        do throws(QueueError) {
            try await record(raw)
            return Response(
                status: .ok,
                headers: [.contentType: "text/plain"],
                body: .init(byteBuffer: .init(string: "OK"))
            )
        } catch {
            // A report that is not kept must not be acknowledged: Eskiz tries again after anything but a 2xx, and who else
            // would tell us?
            logger.error("A delivery report could not be kept", metadata: ["reason": "\(error.summary)"])
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "5"])
        }
    }

    /// Kept before anybody has understood it, so that it is there for whoever will.
    private func record(_ raw: RawReport) async throws(QueueError) {
        let rawID: RawReportID
        do { rawID = try await queue.store.keep(raw) } catch { throw .store(error) }
        guard let (key, report) = ReportReader.read(raw) else {
            logger.warning("A delivery report says nothing that can be read", metadata: ["report": "\(rawID)"])
            return
        }
        let effect = try await queue.record(report, for: key, raw: rawID)
        if case .foreign(let number) = effect { queue.foreign.note(number, from: .callback, logger: logger) }
        logger.debug("A delivery report came in", metadata: ["report": "\(rawID)", "effect": "\(effect.name)"])
    }

    /// The body as far as it is kept.
    static func prefix(of body: RequestBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in body {
            bytes += buffer.readableBytesView.prefix(bodyLimit - bytes.count)
            if bytes.count == bodyLimit { break }
        }
        return bytes
    }
}

/// The unguessable end of the callback address.
package struct CallbackSecret: Sendable, Hashable {
    /// 32 characters of base64url.
    private let text: String

    package init(_ bytes: [UInt8]) {
        text = Base64URL.encode(bytes)
    }

    /// The one of this installation, made by the first who asks.
    package static func load(from store: any SecretStore) async throws(StoreError) -> CallbackSecret {
        let bytes = try await store.secret("callback-path") {
            SymmetricKey(size: .init(bitCount: 192)).withUnsafeBytes { Array($0) }
        }
        return CallbackSecret(bytes)
    }

    /// The address that Eskiz is told, below the public address of the gateway (`https://sms.example.test`).
    package func url(below base: String) -> String {
        var base = base[...]
        while base.hasSuffix("/") { base.removeLast() }
        return "\(base)/callbacks/eskiz/\(text)"
    }

    /// A copy of the bytes with stars in the place of the secret.
    ///
    /// Eskiz's log of a message repeats the request it came with (eskiz-api.md §6.5), and the address with it: whoever
    /// reads it there could make up delivery reports. No encoding of a text changes these characters.
    func hidden(in bytes: [UInt8]) -> [UInt8] {
        let secret = Array(text.utf8)
        guard let first = secret.first else { return bytes }
        var output = bytes
        var index = 0
        while let start = output[index...].firstIndex(of: first), start + secret.count <= output.count {
            let place = start..<start + secret.count
            if output[place].elementsEqual(secret) {
                output.replaceSubrange(place, with: repeatElement(UInt8(ascii: "*"), count: secret.count))
                index = place.upperBound
            } else {
                index = start + 1
            }
        }
        return output
    }

    /// Takes as long for a wrong one that is nearly right as for any other: digests are compared.
    func isSame(as given: some StringProtocol) -> Bool {
        SHA256.hash(data: Array(given.utf8)) == SHA256.hash(data: Array(text.utf8))
    }
}

extension CallbackSecret: CustomStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "callback secret" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["secret": description]) }
}

extension ReportEffect {
    fileprivate var name: String {
        switch self {
        case .advanced: "advanced"
        case .nothingNew: "nothing_new"
        case .unmatched: "unmatched"
        case .foreign: "foreign"
        }
    }
}

extension QueueError {
    fileprivate var summary: String {
        switch self {
        case .store(let error): error.summary
        case .tooMuchWaiting: "Too much waits."
        }
    }
}
