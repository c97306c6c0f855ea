import EskizWords

/// What is said with every page, whoever serves it.
package enum PageHeaders {
    /// Nothing from another host, nothing inline, in no frame.
    package static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    package static let all: [(name: String, value: String)] = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        // No other site hears where its visitor was. Not no-referrer: browsers would then send `Origin: null` with a
        // request of our own, and whoever guards against other sites' forms refuses that.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept, Accept-Language, Cookie"),
    ]
}
