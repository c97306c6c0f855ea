import Eskiz
import EskizQueue
import HTTPTypes
import Hummingbird

/// `GET /v1/doctor`: what the gateway says of itself, for whoever wonders why messages do not arrive.
struct DoctorRoute: Sendable {
    let queue: MessageQueue
    let client: EskizClient
    let readiness: Readiness
    let disk: DiskGauge
    let account: AccountCache

    func add(to reads: RouterGroup<GatewayContext>) {
        reads.get("/v1/doctor") { try await show($0, $1) }
    }

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.read)
        try QueryParameters(request.uri.query, known: []).check()
        let facts = await DoctorFacts(
            queue: queue,
            client: client,
            readiness: readiness,
            disk: disk,
            account: await account.latest()
        )
        return .json(DoctorReport(facts).json)
    }
}
