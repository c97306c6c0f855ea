import EskizQueue
import EskizSQLite
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Times how long a dispatcher's claim takes while so many messages wait.
struct Claims {
    let path: String
    let waiting: Int
    let claims: Int

    init(_ options: Options) {
        path = options.text("file")
        waiting = options.number("waiting")
        claims = options.number("claims", or: 500)
    }

    func run() async throws {
        let store = try SQLiteMessageStore(path: path)
        let start = Timestamp(Date())
        for first in stride(from: 0, to: waiting, by: 1_000) {
            let messages = (first..<min(first + 1_000, waiting)).map { number in
                NewMessage(
                    lane: .bulk,
                    phone: "998901234567",
                    text: "Xabar \(number)",
                    sender: "4546",
                    segments: 1,
                    encoding: .gsm7,
                    apiKeyID: "benchmark"
                )
            }
            _ = try await store.accept(messages, batch: nil, idempotency: nil, at: start)
        }
        var times: [Int64] = []
        for _ in 0..<claims {
            let now = Timestamp(Date())
            // As the dispatcher asks: what is urgent first, here in vain.
            let request = ClaimRequest(
                owner: "benchmark",
                leaseUntil: now + .seconds(60),
                shares: [.init(.otp, 1), .init(.transactional, 1), .init(.bulk, 1)],
                limit: 1
            )
            let begun = monotonic()
            let claimed = try await store.claim(request, at: now)
            times.append(monotonic() - begun)
            precondition(claimed.claims.count == 1, "nothing was claimed")
        }
        say("{\"waiting\":\(waiting),\"claims\":\(claims),\(Percentiles(times).json)}")
    }
}
