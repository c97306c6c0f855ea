/// A call as a command that can be pasted into a shell.
enum CurlCommand {
    /// Headers that `curl` writes itself, or that belong to the one connection.
    private static let automatic = [
        "host", "content-length", "connection", "accept-encoding", "transfer-encoding", "user-agent", "expect",
    ]

    /// The token of the call is not known to us any more, so the command first has one made.
    static func text(for request: Exchange.Request, origin: String, email: String?) -> String {
        var lines: [String] = []
        let isSigned = request.headers.contains { $0.name.lowercased() == "authorization" }
        if isSigned {
            let account = email.map { " -d \(quoted("{\"email\":\"\($0)\"}"))" } ?? ""
            lines.append(
                "TOKEN=$(curl -s -X POST\(account) \(quoted("\(origin)/_simulator/tokens"))"
                    + " | sed 's/.*\"token\":\"\\([^\"]*\\)\".*/\\1/')"
            )
        }
        let body = quoted(request.body.text)
        // A password that is not shown: the shell asks for it, instead of sending the mask and locking the account.
        let holdsPassword = body.contains(Redaction.mask)
        if holdsPassword { lines.append(": \"${KEY:?first: KEY=<the API key of \(email ?? "the account")>}\" &&") }
        let isAbsolute = request.target.hasPrefix("http://") || request.target.hasPrefix("https://")
        var parts = [
            "curl -i -X \(quoted(request.method)) \(quoted(isAbsolute ? request.target : origin + request.target))"
        ]
        for header in request.headers where !automatic.contains(header.name.lowercased()) {
            if header.name.lowercased() == "authorization" {
                parts.append("-H \"Authorization: Bearer $TOKEN\"")
            } else {
                parts.append("-H \(quoted("\(header.name): \(header.value)"))")
            }
        }
        if !request.body.text.isEmpty {
            parts.append("--data-raw \(holdsPassword ? body.replacing(Redaction.mask, with: "'\"$KEY\"'") : body)")
        }
        lines.append(parts.joined(separator: " \\\n  "))
        return lines.joined(separator: "\n")
    }

    /// Quotes for a POSIX shell: nothing inside single quotes is special but the quote itself.
    static func quoted(_ text: String) -> String {
        let plain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "/"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
        return plain ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }
}
