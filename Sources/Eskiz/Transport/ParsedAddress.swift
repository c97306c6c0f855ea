import AsyncHTTPClient
import NIOHTTP1
import Synchronization

/// The address that was asked for last, as AsyncHTTPClient wants it.
///
/// Taking an address apart costs more than building the rest of a request, and every message goes to the same one. A
/// client that asks for a different address each time loses one comparison.
final class ParsedAddress: Sendable {
    private struct Latest {
        let method: String
        let url: String
        /// Without headers and without body: nothing of one request is seen by the next.
        let request: HTTPClient.Request
    }

    private let latest = Mutex<Latest?>(nil)

    /// An empty request to an address.
    func request(_ method: String, _ url: String) throws -> HTTPClient.Request {
        let known = latest.withLock { latest in
            latest.flatMap { $0.url == url && $0.method == method ? $0.request : nil }
        }
        if let known { return known }
        let request = try HTTPClient.Request(url: url, method: HTTPMethod(rawValue: method))
        latest.withLock { $0 = Latest(method: method, url: url, request: request) }
        return request
    }
}
