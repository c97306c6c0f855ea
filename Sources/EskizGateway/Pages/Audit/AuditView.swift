import EskizPages
import EskizQueue
import EskizWords

/// Who did what, newest first.
struct AuditView {
    static let limit = 50

    let visit: PageVisit
    let search: AuditSearch
    /// One more than fit tells that there are older ones.
    let lines: [AuditLine]
    let now: Timestamp

    /// What the address asks for: `?message=` and `?before=`.
    static func search(_ visit: PageVisit) -> AuditSearch {
        AuditSearch(
            messageID: visit["message"].flatMap { MessageID(text: $0) },
            before: visit["before"].flatMap { Int64($0) },
            limit: limit + 1
        )
    }

    var page: Page {
        let shown = Array(lines.prefix(Self.limit))
        let older = lines.count > Self.limit ? shown.last.map { String($0.id) } : nil
        return Page(
            "audit",
            at: .audit,
            title: visit.say(.audit),
            context: PageContext(filling: [
                "hasLines": !shown.isEmpty,
                "lines": shown.map { $0.context(visit, now: now) },
                "olderHref": older.map { visit.address(changing: [("before", $0)]) },
                "newestHref": search.before.map { _ in visit.address(changing: [("before", nil)]) },
                "ofMessage": search.messageID.map { visit.say(.auditOfMessage, ["id": $0.text]) },
                "allHref": "/audit",
            ])
        )
    }
}

extension AuditLine {
    func context(_ visit: PageVisit, now: Timestamp) -> PageContext {
        PageContext(filling: [
            "lineID": String(id),
            "when": PageTime(at).context(now: now),
            "who": keyName, "keyID": keyID,
            "what": AuditAction(rawValue: action).map { visit.say($0.phrase) } ?? action,
            "messageID": messageID?.text,
            "href": messageID.map { "/messages/\($0)" },
            "detail": detail,
        ])
    }
}

extension AuditAction {
    var phrase: AuditPhrase {
        switch self {
        case .renewToken: .auditRenewToken
        case .cancel: .auditCancel
        case .resolve: .auditResolve
        case .replay: .auditReplay
        case .unmask: .auditUnmask
        case .closeGroup: .auditCloseGroup
        case .watchGroup: .auditWatchGroup
        case .blockPrefix: .auditBlockPrefix
        case .allowPrefix: .auditAllowPrefix
        case .forgetPrefix: .auditForgetPrefix
        case .suppress: .auditSuppress
        case .unsuppress: .auditUnsuppress
        case .cancelMany: .auditCancelMany
        case .notSentMany: .auditNotSentMany
        case .sendManyAgain: .auditSendManyAgain
        case .replayMany: .auditReplayMany
        }
    }
}
