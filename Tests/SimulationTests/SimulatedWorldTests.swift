import Dispatch
import EskizQueueTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whole worlds: what can go wrong does, and afterwards everybody counts.
///
/// `ESKIZ_WORLD_SEED=7` replays one and prints what happened in it; `ESKIZ_WORLDS=100000` asks for more of them,
/// `ESKIZ_WORLD_FIRST=1000` for others, and `ESKIZ_WORLD_STOP=1` ends soon after the first that is broken.
struct SimulatedWorldTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static func number(_ name: String) -> UInt64? { environment[name].flatMap { UInt64($0) } }

    @Test func `whatever happens, what is accepted is sent once, in time, and comes to an end`() async {
        if let seed = Self.number("ESKIZ_WORLD_SEED") {
            let outcome = await Worlds.run(SimulatedWorld(seed: seed, isTracing: true))
            print(outcome.lines.joined(separator: "\n"))
            Worlds.report([outcome])
            return
        }
        var first = Self.number("ESKIZ_WORLD_FIRST") ?? 1
        let end = first + (Self.number("ESKIZ_WORLDS") ?? 2_000)
        let step = Self.environment["ESKIZ_WORLD_STOP"] == nil ? end - first : 64
        var outcomes: [SimulatedWorld.Outcome] = []
        while first < end {
            outcomes += await Worlds.run(first..<min(end, first + step))
            first += step
            if step == 64, outcomes.contains(where: { !$0.violations.isEmpty }) { break }
        }
        Worlds.report(outcomes)
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13, 21, 34] as [UInt64])
    func `the same seed gives the same history`(_ seed: UInt64) async {
        let first = await Worlds.run(SimulatedWorld(seed: seed, isTracing: true))
        let second = await Worlds.run(SimulatedWorld(seed: seed, isTracing: true))
        #expect(first.digest == second.digest)
        #expect(first.lines == second.lines)
        #expect(!first.lines.isEmpty)
    }
}

/// Lets worlds happen, one on each processor.
enum Worlds {
    static func run(_ world: SimulatedWorld) async -> SimulatedWorld.Outcome {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: world.run()) }
        }
    }

    static func run(
        _ seeds: Range<UInt64>,
        _ make: @escaping @Sendable (UInt64) -> SimulatedWorld = { SimulatedWorld(seed: $0) }
    ) async -> [SimulatedWorld.Outcome] {
        let work = Work(seeds)
        await withDiscardingTaskGroup { group in
            for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) {
                group.addTask {
                    while let seed = work.next() {
                        work.done(await run(make(seed)))
                    }
                }
            }
        }
        return work.outcomes
    }

    /// Says which were broken, by the variable that replays one.
    static func report(_ outcomes: [SimulatedWorld.Outcome], _ variable: String = "ESKIZ_WORLD_SEED") {
        let broken = outcomes.filter { !$0.violations.isEmpty }
        for outcome in broken {
            let words = outcome.violations.prefix(4).map(\.description).joined(separator: "; ")
            let text = "\(variable)=\(outcome.seed): \(words) (\(outcome.features.joined(separator: ", ")))"
            // The first few are enough to fail for.
            if outcome.seed <= broken[min(9, broken.count - 1)].seed { Issue.record("\(text)") }
            print(text)
        }
        var kinds: [String: (count: Int, first: UInt64)] = [:]
        for outcome in broken {
            for promise in Set(outcome.violations.map(\.promise)) {
                let known = kinds[promise.rawValue]
                kinds[promise.rawValue] = ((known?.count ?? 0) + 1, known?.first ?? outcome.seed)
            }
        }
        for (kind, facts) in kinds.sorted(by: { $0.key < $1.key }) {
            print("\(kind): \(facts.count) worlds, first \(variable)=\(facts.first)")
        }
        let accepted = outcomes.reduce(0) { $0 + $1.accepted }
        let seconds = outcomes.reduce(0) { $0 + $1.milliseconds } / 1_000
        let steps = outcomes.reduce(0) { $0 + $1.steps }
        print("\(outcomes.count) worlds, \(accepted) messages, \(seconds) s of their time, \(steps) steps")
    }

    /// Seeds that wait for somebody, and what came of the others.
    private final class Work: Sendable {
        private let seeds: Mutex<Range<UInt64>>
        private let finished = Mutex<[SimulatedWorld.Outcome]>([])

        init(_ seeds: Range<UInt64>) { self.seeds = Mutex(seeds) }

        func next() -> UInt64? {
            seeds.withLock { seeds in
                guard let first = seeds.first else { return nil }
                seeds = seeds.dropFirst()
                return first
            }
        }

        func done(_ outcome: SimulatedWorld.Outcome) { finished.withLock { $0.append(outcome) } }

        var outcomes: [SimulatedWorld.Outcome] { finished.withLock { $0 }.sorted { $0.seed < $1.seed } }
    }
}
