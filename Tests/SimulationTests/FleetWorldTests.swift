import EskizQueueTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The same worlds with several gateways on one database, judged by the same history.
///
/// `ESKIZ_FLEET_SEED=7` replays one and prints what happened in it; `ESKIZ_FLEETS=10000` asks for more of them, and
/// `ESKIZ_FLEET_FIRST=1000` for others.
struct FleetWorldTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }

    @Test func `whatever happens to gateways that share a database, what is accepted is sent once and comes to an end`()
        async
    {
        if let seed = Self.number("ESKIZ_FLEET_SEED") {
            let outcome = await Worlds.run(SimulatedWorld(fleetSeed: seed, isTracing: true))
            print(outcome.lines.joined(separator: "\n"))
            Worlds.report([outcome], "ESKIZ_FLEET_SEED")
            return
        }
        let first = Self.number("ESKIZ_FLEET_FIRST") ?? 1
        let end = first + (Self.number("ESKIZ_FLEETS") ?? 200)
        Worlds.report(await Worlds.run(first..<end) { SimulatedWorld(fleetSeed: $0) }, "ESKIZ_FLEET_SEED")
    }

    @Test(arguments: [1, 2, 3, 5] as [UInt64])
    func `the same seed gives a fleet the same history`(_ seed: UInt64) async {
        let first = await Worlds.run(SimulatedWorld(fleetSeed: seed, isTracing: true))
        let second = await Worlds.run(SimulatedWorld(fleetSeed: seed, isTracing: true))
        #expect(first.digest == second.digest && first.lines == second.lines)
        #expect(!first.lines.isEmpty)
    }
}
