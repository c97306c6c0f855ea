import Eskiz
import Foundation
import Hummingbird

/// An application in Swift needs no gateway: the library keeps the token by itself.
///
///     ESKIZ_EMAIL=… ESKIZ_PASSWORD=… PORT=8081 swift run App
///     curl -d '{"phone":"+998901234567"}' -H 'Content-Type: application/json' http://127.0.0.1:8081/codes
@main
struct App {
    struct Request: Decodable {
        var phone: String
    }

    struct Answer: ResponseEncodable {
        var sent: Bool
    }

    static func main() async throws {
        let eskiz = try EskizClient.fromEnvironment()
        let router = Router()
        router.post("codes") { request, context -> Answer in
            let phone = try await request.decode(as: Request.self, context: context).phone
            // A real application remembers the code, its end, and how often it was asked for.
            let code = String(Int.random(in: 100_000...999_999))
            return Answer(sent: await eskiz.sendCode(code, to: phone))
        }
        let port = ProcessInfo.processInfo.environment["PORT"].flatMap { Int($0) } ?? 8081
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: port))
        )
        // Renews the token ahead of time, even while nobody asks for a code.
        async let _ = eskiz.run()
        try await application.runService()
        await eskiz.shutdown()
    }
}
