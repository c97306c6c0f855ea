import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizSQLite
import EskizText
import Synchronization

/// A machine with a store, on which one process after the other lives, or several that share it; and the applications that send
/// through them.
final class SimulatedInstallation: Sendable {
    let index: Int
    let plan: WorldPlan.Installation
    private let world: GatewayProcess.World
    /// One for each machine.
    private let walls: [WallClock]
    private let disks: [Disk]
    private let seed: UInt64
    private let storage: Storage
    /// What the machines share; nil for one alone.
    private let database: SharedDatabase?
    /// By machine, those that live.
    private let current: Mutex<[GatewayProcess?]>
    private let isOver = Mutex(false)

    init(_ index: Int, plan: WorldPlan.Installation, seed: UInt64, storage: Storage, world: GatewayProcess.World) {
        self.index = index
        self.plan = plan
        self.seed = seed
        self.storage = storage
        self.world = world
        walls =
            [WallClock(world.time, offset: plan.clockOffset, drift: plan.clockDrift)]
            + plan.companions.map { WallClock(world.time, offset: $0.clockOffset) }
        disks = ([plan.disk] + plan.companions.map(\.disk)).enumerated().map { machine, faults in
            Disk(time: world.time, faults: faults, seed: seed &+ 7 &+ UInt64(machine))
        }
        database =
            plan.companions.isEmpty
            ? nil : SharedDatabase(time: world.time, store: storage.memory, crashes: plan.crashes)
        current = Mutex(Array(repeating: nil, count: 1 + plan.companions.count))
    }

    private var alive: [GatewayProcess] { current.withLock { $0.compactMap(\.self) } }

    // MARK: Processes

    func run() async {
        await withDiscardingTaskGroup { machines in
            for machine in walls.indices { machines.addTask { await self.run(machine) } }
        }
    }

    /// Lets one process after the other live on a machine, until the world is over.
    private func run(_ machine: Int) async {
        let endings = machine == 0 ? plan.endings : plan.companions[machine - 1].endings
        await withDiscardingTaskGroup { lives in
            var token: TokenRecord?
            for number in 0... {
                guard let process = await start(number, on: machine, token) else { return }
                let ending = number < endings.count ? endings[number] : nil
                let next = WakeSignal()
                lives.addTask {
                    await self.live(process, number, on: machine, until: ending) { next.ring() }
                    next.ring()
                }
                await next.wait()
                token = process.tokens.load().record
                guard let ending, !isOver.withLock({ $0 }) else { return }
                if !isOverlapping(ending) { await world.time.pass(.milliseconds(ending.pause)) }
            }
        }
    }

    private func start(_ number: Int, on machine: Int, _ token: TokenRecord?) async -> GatewayProcess? {
        guard let store = await storage.open() else { return nil }
        // No two processes have one name.
        let number = machine * 1_000 + number
        let place = GatewayProcess.Machine(
            index: index,
            plan: plan,
            wall: walls[machine],
            disk: disks[machine],
            store: store,
            random: seed &+ UInt64(number) &* 0x9E37_79B9,
            origin: Int64(seed % 900_000) * 1_000_000_000,
            token: token,
            database: database
        )
        guard let process = try? await GatewayProcess(number, on: place, in: world) else { return nil }
        if database != nil { await process.adoptTime() }
        current.withLock { $0[machine] = process }
        world.witness.trace("\(index) starts \(number)")
        return process
    }

    /// Lets a process live; `giveWay` is called when the next one may start although this one still works.
    private func live(
        _ process: GatewayProcess,
        _ number: Int,
        on machine: Int,
        until ending: WorldPlan.Ending?,
        giveWay: @escaping @Sendable () -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            if let ending {
                group.addTask {
                    await self.world.time.sleep(until: ending.moment * 1_000_000)
                    if Task.isCancelled { return }
                    self.world.witness.trace("\(self.index) ends \(ending.isGraceful ? "gracefully" : "by kill")")
                    process.end(gracefully: ending.isGraceful)
                    if self.isOverlapping(ending) { giveWay() }
                }
            }
            if isOver.withLock({ $0 }) { process.end(gracefully: false) }
            await process.live()
            group.cancelAll()
        }
        world.witness.trace("\(index) has ended \(number)")
        current.withLock { if $0[machine]?.life === process.life { $0[machine] = nil } }
        await storage.close(process.machineStore)
    }

    private func isOverlapping(_ ending: WorldPlan.Ending) -> Bool { ending.overlaps && !plan.isOnDisk }

    func stop() {
        isOver.withLock { $0 = true }
        for process in alive { process.end(gracefully: false) }
    }

    func heal() { for disk in disks { disk.heal() } }

    /// Somebody sets the clock of the machine.
    func stepClock() async {
        for step in plan.clockSteps {
            await world.time.sleep(until: step.at * 1_000_000)
            if Task.isCancelled { return }
            world.witness.trace("\(index) clock \(step.by)")
            walls[0].step(by: step.by)
        }
    }

    func receive(report body: String) async -> Bool {
        // Whichever of them it comes to.
        let alive = alive
        guard !alive.isEmpty else { return false }
        return await alive[body.utf8.count % alive.count].receive(report: body)
    }

    // MARK: Applications

    /// Sends what is planned.
    func send() async {
        await withDiscardingTaskGroup { group in
            for (index, step) in plan.steps.enumerated() {
                group.addTask { await self.send(step, index) }
            }
        }
    }

    private func send(_ step: WorldPlan.Step, _ number: Int) async {
        await world.time.sleep(until: step.moment * 1_000_000)
        let key = IdempotencyKey(apiKeyID: "k_1", key: "step-\(number)", fingerprint: [1])
        // An application tries again when it is told that it was not accepted, with the same key, for a minute.
        for turn in 0..<60 {
            if Task.isCancelled { return }
            let alive = alive
            if !alive.isEmpty, await send(step, key, through: alive[(number + turn) % alive.count]) { return }
            await world.time.pass(.seconds(1))
        }
    }

    private func send(_ step: WorldPlan.Step, _ key: IdempotencyKey, through process: GatewayProcess) async -> Bool {
        let now = process.queue.clock.timestamp
        let messages = (0..<step.count).map { index in
            NewMessage(
                lane: step.lane,
                phone: step.phone,
                text: step.count == 1 ? step.text : "\(step.text) \(index)",
                sender: "4546",
                segments: 1,
                encoding: .gsm7,
                apiKeyID: "k_1",
                webhookURL: step.webhook,
                sendAt: step.delay.map { now + $0 },
                expiresAt: step.life.map { now + (step.delay ?? .zero) + $0 },
                purpose: step.purpose
            )
        }
        guard
            let acceptance = try? await process.queue.accept(
                messages,
                batch: step.isBatch ? NewBatch() : nil,
                idempotency: key
            )
        else { return false }
        let accepted: [Message]
        switch acceptance {
        case .accepted(let messages, _), .repeated(let messages): accepted = messages
        case .keyReused, .suppressed: return true
        }
        for message in accepted {
            world.witness.write { history in
                history.change(.init(message.id.text, of: index)) { record in
                    record.isAcknowledged = true
                    record.mayStaySubmitted = mayStaySubmitted(step)
                }
            }
        }
        if world.plan.provider.hasForeignRows || world.plan.provider.hasForgedReports, let first = accepted.first {
            world.provider.addForeign(
                number: first.id.text,
                installation: index,
                text: step.count == 1 ? step.text : nil
            )
        }
        if step.isCancelled, let first = accepted.first { _ = try? await process.queue.cancel(first.id) }
        return true
    }

    /// Where there are many, they are looked for in the list, which tells them apart by their numbers only; and a batch
    /// always is, which is in vain where nobody knows by which clock to ask.
    private func mayStaySubmitted(_ step: WorldPlan.Step) -> Bool {
        let provider = world.plan.provider
        return provider.forgetsNumbers || step.isBatch && !provider.sendsDate
    }

    // MARK: The end

    /// Whether nothing more is to come.
    func isSettled() async -> Bool {
        guard let process = alive.first else { return false }
        guard let figures = try? await process.queue.store.statistics() else { return false }
        let waiting = MessageState.allCases.reduce(0) { sum, state in
            switch state {
            case .scheduled, .queued, .sending, .submitted: sum + figures.count(state)
            default: sum
            }
        }
        let history = world.witness.history
        guard waiting == history.endless(before: world.plan.end, of: index) else { return false }
        // What a person has to decide stays unsettled; nobody waits for that.
        let unsettled = MessageSearch(isUnsettled: true, limit: MessageSearch.maximumLimit)
        guard let open = try? await process.queue.store.messages(unsettled),
            open.allSatisfy({ $0.finalAt != nil })
        else { return false }
        return history.records.allSatisfy { key, record in
            key.installation != index || !record.wantsWebhook || record.told.contains { $0 != .submitted }
        }
    }

    /// Writes down how everything ended, and counts again what the store says it has counted.
    func conclude() async {
        guard let raw = await storage.open() else { return }
        defer { storage.forget() }
        let store = ProcessStore(
            raw,
            installation: index,
            leavesThread: plan.isOnDisk,
            disk: disks[0],
            time: world.time,
            life: Life(),
            witness: world.witness
        )
        let counted = try? await store.statistics()
        var counts: [QueueStatistics.Key: Int] = [:]
        var before: MessageID?
        while true {
            var search = MessageSearch(limit: MessageSearch.maximumLimit)
            search.before = before
            guard let page = try? await store.messages(search), !page.isEmpty else { break }
            for message in page {
                counts[.init(message.lane, message.state), default: 0] += 1
                let end = DeliveryHistory.End(
                    state: message.state,
                    isSettled: message.state.isFinal || message.finalAt != nil
                )
                world.witness.write { $0.change(.init(message.id.text, of: index)) { $0.end = end } }
                world.witness.trace("\(index) end \(message.id) \(message.state.rawValue)")
            }
            before = page.last?.id
        }
        if let counted, counted.counts.filter({ $0.value != 0 }) != counts {
            storage.note("kept \(counted.counts.filter { $0.value != 0 }.count) counts that differ")
        }
        let depth = store.depth
        for lane in Lane.allCases {
            let waiting = (counts[.init(lane, .queued)] ?? 0) + (counts[.init(lane, .sending)] ?? 0)
            if depth[lane] != waiting { storage.note("\(lane.rawValue): depth \(depth[lane]), counted \(waiting)") }
        }
        await storage.close(raw)
    }
}
