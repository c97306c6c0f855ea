import Eskiz
import EskizQueue
import EskizQueueTesting
import Synchronization

/// A world: one provider, one or more installations, and everything that goes wrong between them, from one seed.
struct SimulatedWorld: Sendable {
    /// How a world went.
    struct Outcome: Sendable {
        var seed: UInt64
        /// What is unusual about it.
        var features: [String]
        var violations: [DeliveryHistory.Violation]
        /// The same for the same history.
        var digest: UInt64
        var steps: Int
        /// How much time passed in it.
        var milliseconds: Int64
        /// Messages that were accepted.
        var accepted: Int
        var lines: [String]
    }

    let plan: WorldPlan
    let isTracing: Bool

    init(seed: UInt64, isTracing: Bool = false) {
        plan = WorldPlan(drawnFrom: seed)
        self.isTracing = isTracing
    }

    /// Several gateways share a database.
    init(fleetSeed seed: UInt64, isTracing: Bool = false) {
        plan = WorldPlan(fleetFrom: seed)
        self.isTracing = isTracing
    }

    private static let stepLimit = 4_000_000

    /// Lets it happen, on the calling thread.
    func run() -> Outcome {
        var mixer = SplitMix64(seed: ~plan.seed)
        var random = SplitMix64(seed: mixer.next())
        let time = SimulatedTime(seed: random.next())
        let witness = Witness(time: time, isTracing: isTracing)
        let provider = SimulatedProvider(
            time: time,
            plan: plan.provider,
            seed: random.next(),
            witness: witness,
            honestLag: plan.settleTime,
            requestTimeout: plan.timeout
        )
        let world = GatewayProcess.World(
            time: time,
            provider: provider,
            witness: witness,
            plan: plan,
            receiver: WebhookReceiver(time: time, witness: witness, deaf: plan.installations.map(\.deaf))
        )
        let storages = plan.installations.map { installation in
            let fenceSeed = installation.companions.isEmpty ? nil : plan.seed
            return Storage(time: time, isOnDisk: installation.isOnDisk, fenceSeed: fenceSeed)
        }
        let seeds = plan.installations.map { _ in random.next() }
        let installations = plan.installations.indices.map { index in
            SimulatedInstallation(
                index,
                plan: plan.installations[index],
                seed: seeds[index],
                storage: storages[index],
                world: world
            )
        }
        witness.trace("plan \(plan)")
        let isWhole = time.run(stepLimit: Self.stepLimit) { [plan] in
            await Self.pass(plan, time, provider, installations)
        }
        return outcome(isWhole, time, witness, provider, storages)
    }

    private static func pass(
        _ plan: WorldPlan,
        _ time: SimulatedTime,
        _ provider: SimulatedProvider,
        _ installations: [SimulatedInstallation]
    ) async {
        await withDiscardingTaskGroup { group in
            for installation in installations {
                group.addTask { await installation.run() }
                group.addTask { await installation.stepClock() }
                group.addTask { await installation.send() }
            }
            group.addTask { await carryLetters(provider, to: installations) }
            group.addTask {
                for step in plan.provider.clockSteps {
                    await time.sleep(until: step.at * 1_000_000)
                    provider.clock.step(by: step.by)
                }
            }
            group.addTask {
                for moment in plan.provider.revocations {
                    await time.sleep(until: moment * 1_000_000)
                    if !Task.isCancelled { provider.revokeTokens() }
                }
            }
            await time.sleep(until: plan.calm * 1_000_000)
            provider.heal()
            for installation in installations { installation.heal() }
            await time.sleep(until: (plan.probe + 12_000) * 1_000_000)
            while time.milliseconds < plan.end {
                var isSettled = true
                for installation in installations where await !installation.isSettled() { isSettled = false }
                if isSettled { break }
                await time.pass(.seconds(10))
            }
            for installation in installations { installation.stop() }
            group.cancelAll()
        }
        for installation in installations { await installation.conclude() }
    }

    /// Brings reports to whom they belong.
    private static func carryLetters(_ provider: SimulatedProvider, to installations: [SimulatedInstallation]) async {
        while !Task.isCancelled {
            let (due, next) = provider.dueLetters()
            for letter in due {
                guard await installations[letter.installation].receive(report: letter.body) else {
                    provider.putBack(letter)
                    continue
                }
                guard let number = letter.number else { continue }
                let now = provider.time.milliseconds
                provider.witness.trace("\(letter.installation) report \(number)")
                provider.witness.write { history in
                    history.change(.init(number, of: letter.installation)) { $0.reportedAt = $0.reportedAt ?? now }
                }
            }
            await provider.waitForPost(until: next)
        }
    }

    private func outcome(
        _ isWhole: Bool,
        _ time: SimulatedTime,
        _ witness: Witness,
        _ provider: SimulatedProvider,
        _ storages: [Storage]
    ) -> Outcome {
        var history = witness.history
        history.ended(at: time.milliseconds)
        // A code that would wait for a login longer than it lives is better told so at once.
        history.limits.judgesEarlyEnds = plan.provider.loginThrottled.isEmpty && plan.provider.takesNoToken.isEmpty
        // What is sent last comes soon after the calm begins.
        history.limits.settlingTime = plan.end - plan.probe - 15_000
        for (index, installation) in plan.installations.enumerated() {
            for range in plan.impediments(of: installation) { history.impeded(range, of: index) }
            for content in provider.liedAbout { history.liedAbout.insert(.init(content, of: index)) }
        }
        var violations = isWhole ? history.violations() : [.init(.stuck)]
        for (index, storage) in storages.enumerated() {
            violations += storage.findings.map { .init(.counters, nil, "\(index): \($0)") }
        }
        return Outcome(
            seed: plan.seed,
            features: plan.features,
            violations: violations,
            digest: time.digest,
            steps: time.steps,
            milliseconds: time.milliseconds,
            accepted: history.records.count,
            lines: witness.lines
        )
    }
}
