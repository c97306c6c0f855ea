import HTTPTypes
import Testing

@testable import EskizGateway

@Suite struct HomeRouteTests {
    @Test func `the address itself says where to go, without a key`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.get, "/", nil, key: nil)
            #expect(answer.status == 200)
            #expect(answer.text.contains("/openapi.json"))
        }
    }
}
