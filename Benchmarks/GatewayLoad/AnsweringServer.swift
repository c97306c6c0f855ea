import Hummingbird
import Logging
import NIOCore

/// The least that a handler can do: no key, no check, no log; it decodes the message and answers as if it had been kept.
struct AnsweringServer {
    struct Request: Decodable {
        var to: String
        var text: String
        var from: String?
        var lane: String?
        var reference: String?
    }

    struct Answer: ResponseEncodable {
        var id: String
        var to: String
        var text: String
        var from: String
        var lane: String
        var status = "queued"
        var reference: String?
        var segments = 1
        var encoding = "gsm7"
        var created_at = "2026-01-01T00:00:00.000Z"
        var attempts = 0
    }

    let port: Int

    func run() async throws {
        let router = Router()
        router.post("v1/messages") { request, context -> EditedResponse<Answer> in
            let asked = try await request.decode(as: Request.self, context: context)
            let answer = Answer(
                id: String(monotonic()),
                to: asked.to,
                text: asked.text,
                from: asked.from ?? "4546",
                lane: asked.lane ?? "transactional",
                reference: asked.reference
            )
            return EditedResponse(status: .accepted, response: answer)
        }
        var logger = Logger(label: "answer")
        logger.logLevel = .error
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { _ in say("listening http://127.0.0.1:\(port)") },
            logger: logger
        )
        try await application.runService()
    }
}
