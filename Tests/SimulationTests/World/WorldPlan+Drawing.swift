import Eskiz
import EskizQueue

// How a world is drawn: most of what can go wrong does not, so that what does is seen.

extension WorldPlan {
    init(drawnFrom seed: UInt64) {
        // Neighbours among the seeds are to have nothing in common.
        var mixer = SplitMix64(seed: seed)
        var random = SplitMix64(seed: mixer.next())
        self.init(seed: seed)
        calm = random.between(15_000, 60_000)
        settleTime = .seconds(random.one(of: [1, 5, 20]))
        timeout = .seconds(random.one(of: [5, 10, 30]))
        drawProvider(&random)
        let count = random.isOne(in: 8) ? 2 : 1
        let isMailingTogether = count == 2
        for index in 0..<count {
            installations.append(drawInstallation(index, isMailingTogether: isMailingTogether, &random))
        }
        var chance = SplitMix64(seed: mixer.next())
        if chance.isOne(in: 12) { arrange(chance.one(of: Situation.allCases), &chance) }
    }

    private mutating func drawProvider(_ random: inout SplitMix64) {
        if !random.isOne(in: 4) {
            provider.weather = .init(using: &random)
            let start = random.between(0, calm / 2)
            provider.trouble = start..<random.between(start, calm)
        }
        provider.retryAfter = random.one(of: [
            [nil, "1", "5"], ["1"], ["86400"], ["30", "600"], ["date+3", "date+120"], ["soon", "-5", ""],
        ])
        if random.isOne(in: 3) {
            provider.clockOffset = .seconds(random.one(of: [-800, -150, -90, -20, 20, 90, 150, 800]))
        }
        if random.isOne(in: 8) { provider.clockDrift = random.between(-500_000, 500_000) }
        if random.isOne(in: 12) {
            provider.clockSteps = [
                (random.between(0, calm), .seconds(random.one(of: [-300, -60, 60, 300])))
            ]
        }
        provider.sendsDate = !random.isOne(in: 8)
        provider.listLag = .milliseconds(random.one(of: [0, 0, random.between(0, settleTime.wholeMilliseconds)]))
        if random.isOne(in: 8) {
            provider.listFault = random.one(of: [.late(.seconds(3_600)), .cutOff(0), .cutOff(2), .empty])
        }
        if random.isOne(in: 6) {
            let start = random.between(0, calm)
            provider.listFailing = start..<calm
        }
        provider.forgetsNumbers = random.isOne(in: 8)
        provider.hasForeignRows = random.isOne(in: 5)
        provider.hasForgedReports = random.isOne(in: 8)
        provider.postsReports = !random.isOne(in: 4)
        if random.isOne(in: 8) { provider.revocations = [random.between(1_000, calm)] }
        if random.isOne(in: 12) { provider.tokenLag = random.milliseconds(0, 3_000) }
        if random.isOne(in: 24) {
            let start = random.between(1_000, calm)
            provider.takesNoToken = start..<random.between(start, calm)
        }
        if !provider.revocations.isEmpty, random.isOne(in: 4) {
            provider.loginThrottled = provider.revocations[0]..<calm
        }
    }

    private func drawInstallation(
        _ index: Int,
        isMailingTogether: Bool,
        _ random: inout SplitMix64
    ) -> Installation {
        var installation = Installation()
        if random.isOne(in: 10) {
            installation.clockOffset = .seconds(random.one(of: [-18_000, -600, -120, 120, 600, 18_000]))
        }
        if random.isOne(in: 10) { installation.clockDrift = random.between(-500_000, 500_000) }
        if random.isOne(in: 4) {
            for _ in 0..<random.between(1, 2) {
                let seconds = random.one(of: [-18_000, -900, -600, -60, -5, 5, 60, 300, 900, 18_000])
                installation.clockSteps.append((random.between(0, calm), .seconds(seconds)))
            }
            installation.clockSteps.sort { $0.at < $1.at }
        }
        if random.isOne(in: 3) {
            for _ in 0..<random.between(1, 3) {
                let ending = Ending(
                    moment: random.between(100, calm),
                    pause: random.between(10, 8_000),
                    isGraceful: random.isOne(in: 3)
                )
                installation.endings.append(ending)
            }
            installation.endings.sort { $0.moment < $1.moment }
        }
        if random.isOne(in: 5) {
            let start = random.between(0, calm)
            installation.disk = [
                Disk.Fault(
                    range: start..<min(calm, start + random.between(500, 50_000)),
                    kind: random.one(of: [.failing, .failingAfterwards, .slow(random.between(50, 4_000))]),
                    oneIn: random.one(of: [1, 2, 5])
                )
            ]
        }
        installation.hasCallbacks = !random.isOne(in: 4)
        installation.concurrency = random.one(of: [4, 8, 16])
        installation.isOnDisk = random.isOne(in: 32)
        if random.isOne(in: 8) {
            let start = random.between(0, calm)
            installation.deaf = start..<start + random.between(1_000, 60_000)
        }
        if random.isOne(in: 12) { installation.retention = .seconds(random.one(of: [5, 20])) }
        installation.steps = drawSteps(index, isMailingTogether: isMailingTogether, &random)
        if random.isOne(in: 8) {
            installation.rateLimit = 4
            // So much that a code behind it would come too late.
            installation.steps.append(
                step(at: random.between(0, calm / 2), .bulk, index, count: 50, isBatch: random.isOne(in: 2), &random)
            )
            installation.steps.append(
                step(at: random.between(calm / 2, calm), .otp, index, count: 1, isBatch: false, &random)
            )
        }
        installation.steps.sort { $0.moment < $1.moment }
        return installation
    }

    private func drawSteps(
        _ index: Int,
        isMailingTogether: Bool,
        _ random: inout SplitMix64
    ) -> [Step] {
        var steps: [Step] = []
        for _ in 0..<random.between(3, 10) {
            let lane = random.one(of: [Lane.otp, .otp, .transactional, .bulk])
            let count = random.isOne(in: 10) ? random.between(2, 6) : 1
            steps.append(
                step(
                    at: random.between(0, calm),
                    lane,
                    index,
                    count: count,
                    isBatch: count > 1 && lane == .bulk,
                    &random
                )
            )
        }
        if isMailingTogether {
            // At the very moment at which the other one mails.
            steps.append(step(at: calm / 3, .transactional, index, count: 12, isBatch: false, &random))
        }
        // The same text to the same phone, twice.
        if random.isOne(in: 6), let first = steps.first(where: { $0.lane != .otp }) {
            var twin = first
            twin.moment += random.between(0, 6_000)
            steps.append(twin)
        }
        return steps + probes(index, &random)
    }

    /// What is sent when all is well again.
    func probes(_ index: Int, _ random: inout SplitMix64) -> [Step] {
        [Lane.otp, .transactional].map { lane in
            var probe = plain(at: probe, lane, index, &random)
            probe.life = lane == .otp ? .seconds(120) : nil
            return probe
        }
    }

    /// A message with nothing special about it.
    func plain(at moment: Int64, _ lane: Lane, _ index: Int, _ random: inout SplitMix64) -> Step {
        var plain = step(at: moment, lane, index, count: 1, isBatch: false, &random)
        plain.life = nil
        plain.delay = nil
        plain.purpose = nil
        plain.isCancelled = false
        return plain
    }

    private func step(
        at moment: Int64,
        _ lane: Lane,
        _ index: Int,
        count: Int,
        isBatch: Bool,
        _ random: inout SplitMix64
    ) -> Step {
        let life: Duration? =
            switch lane {
            case .otp: .seconds(random.one(of: [10, 60, 120, 300]))
            default: random.isOne(in: 5) ? .seconds(random.between(5, 600)) : nil
            }
        return Step(
            moment: moment,
            lane: lane,
            count: count,
            isBatch: isBatch,
            life: life,
            delay: random.isOne(in: 8) ? .seconds(random.between(1, 20)) : nil,
            purpose: lane == .otp && random.isOne(in: 4) ? "login" : nil,
            phone: "9989012345" + String(10 + random.between(0, 4)),
            text: "Salom \(index) \(random.between(100_000, 999_999))",
            webhook: random.isOne(in: 3) ? "https://8.8.4.4/hook" : nil,
            isCancelled: random.isOne(in: 16)
        )
    }
}
