/// The header `Authorization: Bearer <token>` (RFC 6750 §2.1).
package enum BearerHeader {
    /// The token of a header's value; nil for another scheme, and for none.
    ///
    /// The scheme may be in any case (RFC 9110 §11.1), and more than one space may follow it.
    package static func token(of value: String) -> Substring? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 6, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].drop { $0 == " " }
        return token.isEmpty ? nil : token
    }
}
