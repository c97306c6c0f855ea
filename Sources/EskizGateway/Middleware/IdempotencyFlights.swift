import EskizQueue
import Synchronization

/// Idempotency keys whose first request is still being worked on.
///
/// What happened before is the store's to remember; this is only for the moment in which it does not know yet.
final class IdempotencyFlights: Sendable {
    private struct Flight: Hashable {
        var apiKeyID: String
        var key: String
    }

    private let flights = Mutex<Set<Flight>>([])

    /// Runs `body` unless another call with the same key is running.
    ///
    /// - Throws: `Problem` 409, or what `body` throws.
    func alone<Result>(with key: IdempotencyKey?, _ body: () async throws -> Result) async throws -> Result {
        guard let key else { return try await body() }
        let flight = Flight(apiKeyID: key.apiKeyID, key: key.key)
        guard flights.withLock({ $0.insert(flight).inserted }) else {
            throw Problem(
                .idempotencyInFlight,
                "A request with this Idempotency-Key is being worked on. Ask again in a moment for its answer.",
                retryAfter: .seconds(1)
            )
        }
        defer { flights.withLock { _ = $0.remove(flight) } }
        return try await body()
    }
}
