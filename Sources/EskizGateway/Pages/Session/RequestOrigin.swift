/// Whether a form was sent from a page of ours.
///
/// Pure. The cookie's `SameSite=Strict` and the form's token guard as well; this also guards the form that signs in.
enum RequestOrigin {
    /// - Parameters:
    ///   - fetchSite: the header `Sec-Fetch-Site`, which no page can forge.
    ///   - origin: the header `Origin`, for browsers that do not send the other over plain HTTP.
    ///   - authority: the host and port that was asked for.
    /// - Returns: false if another site may have sent it.
    static func isOwn(fetchSite: String?, origin: String?, authority: String?) -> Bool {
        if let fetchSite { return fetchSite == "same-origin" }
        // Neither: not a browser.
        guard let origin else { return true }
        guard let authority, let end = origin.firstRange(of: "://")?.upperBound else { return false }
        let own = authority.lowercased()
        let theirs = origin[end...].lowercased()
        // A proxy may pass on the host without its port.
        return theirs == own || host(theirs) == own
    }

    private static func host(_ authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return authority }
        return String(authority[..<colon])
    }
}

/// A path of ours, for coming back to where one was.
enum OwnPath {
    /// Nil for anything that could lead away from this host.
    static func checked(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 2_000, text.hasPrefix("/"), !text.hasPrefix("//"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return text
    }
}
