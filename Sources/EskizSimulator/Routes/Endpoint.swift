import EskizPages

/// Everything the provider's API answers, by verb and path (`eskiz-api.md` §2–§7).
enum Endpoint: Sendable, Equatable {
    case login, refresh, invalidate, user
    case send, sendBatch, sendGlobal
    case normalizer, check
    case statusByID(String)
    case userMessages, messagesByDispatch, dispatchStatus
    case logs(String)
    case nicknames, limit, prices, addTemplate, templates, totals
    case totalByMonth, totalBySMSC, totalByRange, totalByDispatch
    case export
    case gen1(Gen1)

    /// Leftovers of generation 1 (`eskiz-api.md` §6.6), behind the switch `gen1_routes`.
    enum Gen1: Sendable, Equatable {
        case status(String)
        case userMessages
        case contacts, addContact, contact(String), changeContact(String), deleteContact(String)
        case templates, addTemplate, template(String), changeTemplate(String), deleteTemplate(String)
    }

    /// The path below `/api`: no empty segments, so that `api//report` is `report` (`eskiz-api.md` §7).
    ///
    /// Nil when the path is not the API's.
    static func route(ofPath path: some StringProtocol) -> String? {
        let segments = path.split(separator: "/")
        guard segments.first == "api" else { return nil }
        return segments.dropFirst().map { URLEncoding.decode($0, plusIsSpace: false) }.joined(separator: "/")
    }

    /// The endpoint for a verb and a route, or nil: an unknown path and a wrong verb are both 404.
    static func matching(method: String, route: String, by behaviour: Behaviour) -> Endpoint? {
        if let endpoint = fixed["\(method) \(route)"] { return endpoint }
        let segments = route.split(separator: "/").map(String.init)
        if method == "GET", segments.count == 4, segments[0...2] == ["message", "sms", "status_by_id"] {
            return .statusByID(segments[3])
        }
        if method == "GET", segments.count == 3, segments[0...1] == ["logs", "sms"] { return .logs(segments[2]) }
        if method == "GET", route == "message/sms/check", behaviour.checkMethod == .getToo { return .check }
        if method == "GET", behaviour.readsByGET == .accept, let endpoint = readsByGET[route] { return endpoint }
        guard behaviour.gen1Routes else { return nil }
        return Gen1.matching(method: method, segments: segments).map(Endpoint.gen1)
    }

    private static let fixed: [String: Endpoint] = [
        "POST auth/login": .login,
        "PATCH auth/refresh": .refresh,
        "DELETE auth/invalidate": .invalidate,
        "GET auth/user": .user,
        "POST message/sms/send": .send,
        "POST message/sms/send-batch": .sendBatch,
        "POST message/sms/send-global": .sendGlobal,
        "POST message/sms/normalizer": .normalizer,
        "POST message/sms/check": .check,
        "POST message/sms/get-user-messages": .userMessages,
        "POST message/sms/get-user-messages-by-dispatch": .messagesByDispatch,
        "POST message/sms/get-dispatch-status": .dispatchStatus,
        "GET nick/me": .nicknames,
        "GET user/get-limit": .limit,
        "GET user/prices": .prices,
        "POST user/template": .addTemplate,
        "GET user/templates": .templates,
        "POST user/totals": .totals,
        "GET report/total-by-month": .totalByMonth,
        "POST report/total-by-smsc": .totalBySMSC,
        "POST report/total-by-range": .totalByRange,
        "POST report/total-by-dispatch": .totalByDispatch,
        "POST message/export": .export,
    ]

    /// Reads that one public client sends as GET with a multipart body (`eskiz-api.md` §3.2, §11.2).
    private static let readsByGET: [String: Endpoint] = [
        "message/sms/get-user-messages": .userMessages,
        "message/sms/get-user-messages-by-dispatch": .messagesByDispatch,
        "message/sms/get-dispatch-status": .dispatchStatus,
        "message/export": .export,
        "report/total-by-smsc": .totalBySMSC,
        "user/totals": .totals,
    ]

    /// Whether the call hands over messages.
    var isSend: Bool { self == .send || self == .sendBatch || self == .sendGlobal }
    /// Whether the call asks for a token.
    var isCredentialCall: Bool { self == .login || self == .refresh }
}

extension Endpoint.Gen1 {
    static func matching(method: String, segments: [String]) -> Endpoint.Gen1? {
        switch (method, segments.count) {
        case ("GET", 4) where segments[0...2] == ["message", "sms", "status"]: .status(segments[3])
        case ("GET", 3) where segments == ["message", "sms", "get-user-messages"]: .userMessages
        case ("GET", 1) where segments == ["contact"]: .contacts
        case ("POST", 1) where segments == ["contact"]: .addContact
        case ("GET", 2) where segments[0] == "contact": .contact(segments[1])
        case ("PUT", 2) where segments[0] == "contact": .changeContact(segments[1])
        case ("DELETE", 2) where segments[0] == "contact": .deleteContact(segments[1])
        case ("GET", 1) where segments == ["template"]: .templates
        case ("POST", 1) where segments == ["template"]: .addTemplate
        case ("GET", 2) where segments[0] == "template": .template(segments[1])
        case ("PUT", 2) where segments[0] == "template": .changeTemplate(segments[1])
        case ("DELETE", 2) where segments[0] == "template": .deleteTemplate(segments[1])
        default: nil
        }
    }
}
