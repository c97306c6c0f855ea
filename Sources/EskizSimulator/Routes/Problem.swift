/// What went wrong in the control API, as RFC 9457 wants it.
struct Problem: Error, Sendable, Equatable {
    let status: Int
    /// Stable, for programs.
    let code: String
    /// One sentence, for people.
    let detail: String

    var answer: Answer {
        let document: JSON = [
            "type": "about:blank", "title": .string(title), "status": .int(status), "code": .string(code),
            "detail": .string(detail),
        ]
        return Answer(status: status, contentType: "application/problem+json", body: document.bytes)
    }

    private var title: String {
        switch status {
        case 400: "Bad request"
        case 403: "Forbidden"
        case 404: "Not found"
        default: "Error"
        }
    }

    static func bad(_ error: BadSetting) -> Problem {
        Problem(status: 400, code: "bad_setting", detail: error.detail)
    }
}
