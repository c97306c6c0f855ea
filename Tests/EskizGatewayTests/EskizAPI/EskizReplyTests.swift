import Eskiz
import EskizQueue
import EskizText
import Testing

@testable import EskizGateway

struct EskizReplyTests {
    private func message(_ state: MessageState, error: MessageError? = nil) -> Message {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        return Message(
            id: MessageID(7),
            state: state,
            lane: .transactional,
            phone: "998901234567",
            text: "Salom",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k",
            origin: .eskiz,
            providerID: state == .submitted ? "5b1f0c6e" : nil,
            createdAt: now,
            dueAt: now,
            error: error
        )
    }

    private static let answers: [TransportResponse?] = [
        nil, .taken, .json(200, #"{"status":"error","message":"x","id":"1"}"#), .json(400, #"{"status":"error"}"#),
        .json(401, "{}"), .json(400, #"{"status":"token-invalid","message":"Expired token"}"#), .json(403, "{}"),
        .json(502, "<html>"),
    ]
    private static let errors: [MessageError?] = [
        nil, MessageError(code: "token_dead", message: "x", httpStatus: 401),
        MessageError(code: "credentials_refused", message: "x", httpStatus: 400),
        MessageError(code: "refused", message: "x", httpStatus: 400), MessageError(code: "timed_out", message: "x"),
        MessageError(code: "attempts_exhausted", message: "x", httpStatus: 401),
    ]

    @Test(arguments: MessageState.allCases)
    func `nothing ever becomes a 401`(state: MessageState) {
        for answer in Self.answers {
            for error in Self.errors {
                let reply = EskizReply.to(message(state, error: error), answer: answer, batchSize: nil)
                #expect(reply.status != 401)
                #expect(!String(decoding: reply.body, as: UTF8.self).contains("oken"))
            }
        }
    }

    @Test(arguments: [MessageState.submitted, .delivered, .undelivered])
    func `a message that was taken is answered in Eskiz's own bytes`(state: MessageState) {
        let reply = EskizReply.to(message(state), answer: .taken, batchSize: nil)
        #expect(reply.status == 200)
        #expect(reply.body == TransportResponse.taken.body)
    }

    @Test func `an answer to an earlier attempt is not taken for the last word`() {
        let reply = EskizReply.to(message(.submitted), answer: .json(429, "{}"), batchSize: nil)
        #expect(reply.status == 200)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"id":"5b1f0c6e","message":"Waiting for SMS provider","status":"waiting"}"#
        )
    }

    @Test func `a batch without an answer has a status for each`() {
        let reply = EskizReply.to(message(.submitted), answer: nil, batchSize: 2)
        #expect(
            String(decoding: reply.body, as: UTF8.self)
                == #"{"id":"5b1f0c6e","message":"Waiting for SMS provider","status":["waiting","waiting"]}"#
        )
    }

    @Test(arguments: [400, 403, 402, 200])
    func `a refusal is answered in Eskiz's own bytes`(status: Int) {
        let answer = TransportResponse.json(status, #"{ "id":"1","message":"Этот смс текст","status":"error"}"#)
        let reply = EskizReply.to(message(.failed), answer: answer, batchSize: nil)
        #expect(reply.status == status)
        #expect(reply.body == answer.body)
    }

    @Test(arguments: [
        ("connection_failed", nil, 502), ("server_error", 500, 502), ("timed_out", nil, 504), ("token_dead", 401, 503),
        ("credentials_refused", 400, 503), ("renewal_failed", nil, 503), ("cancelled", nil, 503),
        ("text_not_approved", 400, 400), ("forbidden", 403, 403), ("invalid_phone", nil, 400),
        ("attempts_exhausted", nil, 502),
    ])
    func `a failure without an answer has the status of its kind`(code: String, httpStatus: Int?, expected: Int) {
        let error = MessageError(code: code, message: "Because.", httpStatus: httpStatus)
        let reply = EskizReply.to(message(.failed, error: error), answer: nil, batchSize: nil)
        #expect(reply.status == expected)
        #expect(String(decoding: reply.body, as: UTF8.self).contains(#""message":"Because.","status":"error""#))
    }

    @Test(arguments: [(MessageState.sending, 504), (.unknown, 504), (.queued, 503), (.expired, 503), (.cancelled, 503)])
    func `only what may have been sent is called unknown`(state: MessageState, status: Int) {
        let reply = EskizReply.to(message(state), answer: nil, batchSize: nil)
        #expect(reply.status == status)
        #expect(String(decoding: reply.body, as: UTF8.self).contains("unknown") == (status == 504))
    }
}
