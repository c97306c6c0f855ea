import EskizHTTP
import NIOCore

/// Who may use the control API: this machine, and no web page that happens to be open on it.
///
/// A page of another site can make a browser send requests here (cross-site), or point a name of its own at 127.0.0.1 (DNS
/// rebinding). Hence the peer must be loopback, the host must be named as loopback, and an origin must be loopback too.
///
/// Whoever shows the control token may come from anywhere: no page of another site can know it.
enum ControlGuard {
    static func refusal(
        peer: SocketAddress?,
        host: String?,
        origin: String?,
        fetchSite: String?,
        authorization: String? = nil,
        controlToken: String? = nil
    ) -> Problem? {
        if let controlToken, let authorization, shows(controlToken, authorization) { return nil }
        func refused(_ detail: String) -> Problem { Problem(status: 403, code: "loopback_only", detail: detail) }
        guard isLoopback(peer) else {
            return refused(
                controlToken == nil
                    ? "The control API answers this machine only: call it by a loopback address, or start the simulator with "
                        + "--control-token."
                    : "The control API wants the control token from another machine: Authorization: Bearer TOKEN."
            )
        }
        guard let host, LoopbackURL.isLoopback(authority: host) else {
            return refused("The control API wants a Host of localhost, 127.0.0.1 or [::1].")
        }
        if let origin, !LoopbackURL.isAllowed(origin) {
            return refused("The control API refuses requests from pages of other sites.")
        }
        if let fetchSite, fetchSite == "cross-site" {
            return refused("The control API refuses requests from pages of other sites.")
        }
        return nil
    }

    /// In a time that does not depend on where the two differ.
    private static func shows(_ token: String, _ authorization: String) -> Bool {
        guard let given = BearerHeader.token(of: authorization) else { return false }
        let (shown, wanted) = (Array(given.utf8), Array(token.utf8))
        guard shown.count == wanted.count else { return false }
        return zip(shown, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func isLoopback(_ peer: SocketAddress?) -> Bool {
        switch peer {
        case .unixDomainSocket: return true
        case .v4, .v6:
            guard var address = peer?.ipAddress else { return false }
            if address == "::1" { return true }
            // An IPv4 peer on a socket of both families.
            if address.hasPrefix("::ffff:") { address.removeFirst("::ffff:".count) }
            return LoopbackURL.isLoopback(authority: address)
        case nil: return false
        }
    }
}
