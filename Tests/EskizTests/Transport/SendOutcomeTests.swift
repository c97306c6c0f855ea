import Eskiz
import Testing

struct SendOutcomeTests {
    /// The bodies that decide something, and a good many that must not.
    enum Body: String, CaseIterable, Sendable {
        case taken = #"{"id":"5b1f0c6e-1111-4222-8333-944455566677","message":"Waiting","status":"waiting"}"#
        case takenWithNumber = #"{"id":4385062,"message":"Waiting","status":"Waiting"}"#
        case takenWithoutStatus = #"{"id":"1"}"#
        case takenWithManyStatuses = #"{"id":"1","status":["waiting","waiting"]}"#
        case refusal = #"{"id":"1","message":"nope","status":"error"}"#
        case refusalInCapitals = #"{"id":"1","message":"nope","status":"ERROR"}"#
        case refusalWithMap = #"{"message":{"mobile_phone":["required"]},"status":"error"}"#
        case tokenInvalid = #"{"status":"token-invalid","message":"Expired token"}"#
        case tokenInvalidUnderscore = #"{"status":"token_invalid"}"#
        case tokenExpiredWithCode = #"{"message":"Token has expired","status_code":401}"#
        case withoutID = #"{"message":"Waiting","status":"waiting"}"#
        case emptyID = #"{"id":"","status":"waiting"}"#
        case nullID = #"{"id":null,"status":"waiting"}"#
        case emptyObject = "{}"
        case array = "[]"
        case null = "null"
        case half = #"{"id":"5b1f0c6e"#
        case html = "<html><body>502 Bad Gateway</body></html>"
        case text = "Not Found"
        case empty = ""

        var hasReceipt: Bool {
            switch self {
            case .taken, .takenWithNumber, .takenWithoutStatus, .takenWithManyStatuses: true
            default: false
            }
        }

        /// What Eskiz says to a message it has taken, status and all.
        var isWholeReceipt: Bool { hasReceipt && self != .takenWithoutStatus }

        var refusesIn2xx: Bool {
            switch self {
            case .refusal, .refusalInCapitals, .refusalWithMap, .tokenInvalid, .tokenInvalidUnderscore,
                .tokenExpiredWithCode:
                true
            default: false
            }
        }
    }

    enum Verdict: Equatable { case taken, notTaken, unknown }

    private func verdict(_ outcome: SendOutcome<SentMessage>) -> Verdict {
        switch outcome {
        case .taken: .taken
        case .notTaken(let error):
            error.mayRepeat && !error.isOutcomeUnknown ? .notTaken : .unknown
        case .unknown: .unknown
        }
    }

    /// The rule as prose, written apart from the code it checks.
    private func expected(_ status: Int, _ body: Body, hasRetryAfter: Bool) -> Verdict {
        switch status {
        case 200...299: body.refusesIn2xx ? .notTaken : body.hasReceipt ? .taken : .unknown
        case 401 where body.isWholeReceipt: .unknown
        case 300...499: .notTaken
        case 503: hasRetryAfter && body != .empty ? .notTaken : .unknown
        default: .unknown
        }
    }

    @Test(arguments: 100...599)
    func `every status with every body is judged`(status: Int) {
        for body in Body.allCases {
            for hasRetryAfter in [false, true] {
                let response = TransportResponse(
                    status: status,
                    headers: hasRetryAfter ? [TransportHeader("Retry-After", "3")] : [],
                    body: Array(body.rawValue.utf8)
                )
                let outcome = SendOutcome(response, receipt: SentMessage.receipt)
                #expect(
                    verdict(outcome) == expected(status, body, hasRetryAfter: hasRetryAfter),
                    "\(status), \(body), Retry-After: \(hasRetryAfter)"
                )
                switch outcome {
                case .taken(let message): #expect(!message.id.isEmpty)
                case .notTaken(let error):
                    #expect(error.mayRepeat && !error.isOutcomeUnknown)
                    #expect(error.httpStatus == status)
                    #expect(!error.summary.isEmpty && !error.remedy.isEmpty)
                case .unknown(let error):
                    #expect(!error.mayRepeat && error.isOutcomeUnknown)
                    #expect(error.httpStatus == status)
                    #expect(error.remedy.contains("look it up"))
                }
            }
        }
    }

    @Test(arguments: TransportError.Reason.allCases, TransportError.Progress.allCases)
    func `how far a request got decides what became of it`(
        reason: TransportError.Reason,
        progress: TransportError.Progress
    ) {
        let outcome = SendOutcome<SentMessage>(TransportError(reason, progress: progress), timeout: .seconds(30))
        switch (outcome, progress) {
        case (.notTaken(let error), .notSent):
            #expect(error.mayRepeat && !error.isOutcomeUnknown)
        case (.unknown(let error), .sent):
            #expect(!error.mayRepeat && error.isOutcomeUnknown)
        default:
            Issue.record("\(reason), \(progress) was judged \(outcome)")
        }
    }

    @Test func `a time-out says how long it waited`() {
        let error = ProviderFailure.of(TransportError(.timedOut, progress: .sent), timeout: .seconds(30))
        #expect(error.code == .timedOut)
        #expect(error.summary.contains("30 s"))
    }

    @Test func `the ways to fail on the way there are told apart by code`() {
        let codes = Dictionary(
            uniqueKeysWithValues: TransportError.Reason.allCases.map { reason in
                let error = ProviderFailure.of(TransportError(reason, progress: .notSent), timeout: .seconds(30))
                return (reason, error.code)
            }
        )
        #expect(
            codes == [
                .nameResolution: .nameResolution, .connectionFailed: .connectionFailed,
                .connectTimedOut: .connectionFailed, .tls: .tlsFailed, .proxy: .connectionFailed,
                .timedOut: .timedOut, .connectionClosed: .connectionClosed, .answerTooLarge: .unexpectedAnswer,
                .cancelled: .cancelled, .unusable: .shutDown,
            ]
        )
    }
}
