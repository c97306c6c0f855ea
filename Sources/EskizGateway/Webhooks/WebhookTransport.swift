package import Eskiz

/// The door to applications' networks: one POST to one address that has been checked.
package protocol WebhookTransport: Sendable {
    /// Posts, and reads the status and the header fields of the answer; of its body no more than a little.
    ///
    /// The connection goes to `request.target` and nowhere else, whatever the name means by then, and redirects are not
    /// followed.
    func post(_ request: WebhookRequest) async throws(WebhookFailure) -> TransportResponse

    func shutdown() async
}

/// A POST on its way.
package struct WebhookRequest: Sendable {
    package var address: WebhookAddress
    /// The IP address that the name led to when it was checked.
    package var target: String
    package var headers: [TransportHeader]
    package var body: [UInt8]
}

/// Why there is no answer.
package struct WebhookFailure: Error, Sendable, Hashable {
    /// One sentence without address and body.
    package var reason: String
    /// Nothing was sent: another address of the same name may do better.
    package var mayTryNextAddress: Bool

    package init(_ reason: String, mayTryNextAddress: Bool = false) {
        self.reason = reason
        self.mayTryNextAddress = mayTryNextAddress
    }
}

/// Finds the addresses of a host.
package protocol HostResolver: Sendable {
    /// IP addresses as text, in the order in which they should be tried.
    func addresses(of host: String) async throws(WebhookFailure) -> [String]
}
