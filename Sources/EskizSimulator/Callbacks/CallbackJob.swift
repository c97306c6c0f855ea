import EskizPages

/// One delivery report on its way to the customer (`eskiz-api.md` §10).
struct CallbackJob: Sendable {
    let url: String
    let messageID: Int
    let encoding: Behaviour.CallbackEncoding
    /// In the printed order; every value is a string.
    let fields: [(String, String)]
    /// The first attempt is 1.
    var attempt = 1
    /// Which life of the simulator it belongs to: a reset forgets what is still on its way.
    var epoch = 0
    /// Whose message it is, for the ledger.
    let account: String

    var status: String { fields.first { $0.0 == "status" }?.1 ?? "" }

    /// The request's body and its content type.
    var body: (contentType: String, bytes: [UInt8]) {
        switch encoding {
        case .json:
            let document = JSON.object(fields.map { .init(name: $0.0, value: .string($0.1)) })
            return ("application/json", document.bytes)
        case .urlencoded:
            return ("application/x-www-form-urlencoded", Array(URLEncoding.encode(fields).utf8))
        case .multipart:
            let boundary = "------------------------eskiz\(messageID)"
            return ("multipart/form-data; boundary=\(boundary)", MultipartForm.encode(fields, boundary: boundary))
        }
    }
}

extension Message {
    /// The report of one point in the message's life, or nil when there is nobody to tell.
    func report(of point: Behaviour.CallbackPoint, at now: WallTime, account: String, by behaviour: Behaviour)
        -> CallbackJob?
    {
        guard let callbackURL, behaviour.callbackPoints.contains(point) else { return nil }
        var fields: [(String, String)] = [
            ("request_id", requestID),
            ("message_id", String(id)),
            ("user_sms_id", userSMSID ?? ""),
            ("country", country?.code ?? "UZ"),
            ("phone_number", to),
            ("sms_count", String(partsCount)),
            ("status", spelling(of: point, by: behaviour.callbackSpelling)),
            ("status_date", now.callbackStamp),
        ]
        // Handlers written before request_id existed lack it (`eskiz-api.md` §10).
        if behaviour.callbackFields == .legacy { fields.removeFirst() }
        return CallbackJob(
            url: callbackURL,
            messageID: id,
            encoding: behaviour.callbackEncoding,
            fields: fields,
            account: account
        )
    }

    private func spelling(of point: Behaviour.CallbackPoint, by spelling: Behaviour.CallbackSpelling) -> String {
        switch point {
        case .stored: "STORED"
        case .accepted: "ACCEPTED"
        case .final:
            switch spelling {
            case .part: outcome.ending?.partState ?? "UNKNOWN"
            case .message: status.rawValue
            }
        }
    }
}

/// When an unanswered report is sent again (`eskiz-api.md` §10, §11.2).
enum CallbackRetryPolicy {
    /// The pause before the next attempt, or nil when this was the last.
    static func pause(after attempt: Int, by behaviour: Behaviour) -> Duration? {
        switch behaviour.callbackRetry {
        case .none: nil
        case .fixed: max(behaviour.callbackRetryInterval, .milliseconds(10))
        case .exponential:
            attempt > behaviour.callbackRetryLimit
                ? nil : behaviour.callbackRetryInterval * (1 << min(attempt - 1, 16))
        }
    }
}

/// Where reports may go: to this machine, and to hosts that somebody has named.
struct CallbackHosts: Sendable {
    private let names: Set<String>

    /// By their names or addresses, without ports, in any case.
    init(_ names: Set<String> = []) {
        self.names = Set(names.map { $0.lowercased() })
    }

    func allow(_ url: String) -> Bool {
        guard let authority = LoopbackURL.authority(of: url) else { return false }
        return LoopbackURL.isLoopback(authority: authority) || names.contains(Self.host(authority))
    }

    /// Without the port, and without the brackets of IPv6.
    private static func host(_ authority: Substring) -> String {
        let host =
            authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        return host.lowercased()
    }
}

/// Addresses of this machine.
enum LoopbackURL {
    static func isAllowed(_ text: String) -> Bool {
        authority(of: text).map { isLoopback(authority: $0) } ?? false
    }

    /// Host and port of an `http` address; nil for any other.
    static func authority(of text: String) -> Substring? {
        guard let separator = text.firstRange(of: "://") else { return nil }
        guard ["http", "https"].contains(text[..<separator.lowerBound].lowercased()) else { return nil }
        let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        // A user name before an @ can make another host look like ours.
        return authority.contains("@") ? nil : authority
    }

    /// `localhost`, `127.x.x.x` or `[::1]`, with a port or without.
    static func isLoopback(authority: some StringProtocol) -> Bool {
        let host: Substring
        if authority.hasPrefix("[") {
            host = Substring(authority.dropFirst()).prefix { $0 != "]" }
            return host == "::1"
        }
        host = Substring(authority).prefix { $0 != ":" }
        if host.lowercased() == "localhost" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber }
                    && Int(part).map { $0 <= 255 } == true
            }
    }
}
