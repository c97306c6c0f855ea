import EskizVerify
import HTTPTypes

extension Problem.Code {
    static let tooManySends = Self("too_many_sends", .tooManyRequests, "No code is sent now")
    static let blocked = Self("blocked", .forbidden, "No codes are sent there")
}

extension Problem {
    init(_ error: VerifyError) {
        switch error {
        case .refused(let refusal):
            let code: Code = refusal.rule.isBlock ? .blocked : .tooManySends
            self.init(code, "\(refusal.detail) Nothing was sent.", retryAfter: refusal.retryAfter)
            limit = refusal.rule.rawValue
        case .unknownTemplate(let known):
            let names = known.map { "`\($0)`" }.joined(separator: ", ")
            let detail = "There is no such template. ESKIZ_VERIFY_TEMPLATES has \(names)."
            self = .validation([.init("template", "unknown_template", detail)])
        case .notFound:
            self.init(.notFound, "There is no such verification, or it is not yours to see.")
        case .over(let status):
            self.init(.conflict, "The verification is \(status.rawValue).")
        case .codeLost:
            self.init(
                .conflict,
                "The key or the template of this verification is gone from the settings. Begin a new one."
            )
        }
    }
}
