import Eskiz
import EskizText
import Testing

@testable import EskizQueue

/// Lease, fence and begin-to-write as a small model that is walked through to the end: two hosts, one message, and every order
/// in which their steps can come.
///
/// The message decides by the code that the stores run (`StoredMessage`); a host is frozen for as long as the others need
/// between any two of its steps, which is the same as any other order. Looking an unclear outcome up at Eskiz is not in it:
/// what is unclear stays so, and must never be sent from there.
struct FenceModelTests {
    @Test func `in no order is a message sent twice`() {
        let walk = FenceWalk(rules: Set(Rule.allCases))
        #expect(walk.doubled == nil)
        #expect(walk.states.count > 500)
    }

    @Test func `in no order is a message stuck`() {
        // Somebody can always go on, until Eskiz has it, refuses it, or a person has to look.
        #expect(FenceWalk(rules: Set(Rule.allCases)).stuck == nil)
    }

    @Test(arguments: Rule.allCases) func `without one of the rules it is sent twice`(missing: Rule) {
        let walk = FenceWalk(rules: Set(Rule.allCases).subtracting([missing]))
        #expect(walk.doubled != nil)
    }

    /// What is relied on.
    enum Rule: CaseIterable {
        /// The commit of `writing` looks whether the claim still is the host's.
        case fence
        /// What had begun to write is not queued again when its host is given up.
        case phases
        /// A claim that a crash of the database has taken back, because it was not flushed, does not give its number to the next.
        case numbers
    }
}

/// Everything that can be reached.
private struct FenceWalk {
    private(set) var states: Set<FenceWorld> = []
    /// A state in which Eskiz has got the message twice.
    private(set) var doubled: FenceWorld?
    /// A state that nobody leaves, and in which the message still waits.
    private(set) var stuck: FenceWorld?

    init(rules: Set<FenceModelTests.Rule>) {
        let start = FenceWorld()
        var open = [start]
        states = [start]
        while let state = open.popLast() {
            if state.arrivals > 1 { doubled = doubled ?? state }
            let next = state.next(rules)
            if next.isEmpty, state.waits { stuck = stuck ?? state }
            for state in next where states.insert(state).inserted { open.append(state) }
        }
    }
}

/// The database, Eskiz, and what the two hosts believe.
private struct FenceWorld: Hashable {
    enum Host: Hashable {
        case idle
        /// It has been told of its claim.
        case claimed(fence: Int64)
        /// It has been told that its `writing` is committed.
        case begun(fence: Int64)
        /// Bytes have left, and Eskiz has taken them, or has refused them.
        case written(fence: Int64, isTaken: Bool)
    }

    static let names = ["a", "b"]
    /// So many claims are enough for every pair of hosts to follow each other twice.
    static let claims: Int64 = 3
    static let lease: Duration = .seconds(6)

    var stored: StoredMessage
    var hosts = [Host.idle, .idle]
    /// By the number of the claim.
    var phases: [Int64: Attempt.Phase] = [:]
    /// The last number of a claim, whatever the database remembers.
    var lastFence: Int64 = 0
    /// How the message was before its claim, while that is not flushed.
    var unflushed: StoredMessage?
    /// Whether the lease of whoever has it is over.
    var isLeaseOver = false
    /// How many times Eskiz has got it.
    var arrivals = 0

    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() {
        let new = NewMessage(
            lane: .transactional,
            phone: "998901234567",
            text: "Your order is ready",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1"
        )
        stored = StoredMessage(new, id: MessageID(1), batch: nil, lastOfBatch: nil, at: Self.now)
    }

    func next(_ rules: Set<FenceModelTests.Rule>) -> [FenceWorld] {
        hosts.indices.flatMap { steps(of: $0, rules) } + time + recovery(rules) + crash
    }

    /// It is neither over nor unclear, and not at the edge of the model.
    var waits: Bool {
        stored.message.state == .sending || (stored.message.state == .queued && lastFence < Self.claims)
    }

    private func with(_ change: (inout FenceWorld) -> Void) -> FenceWorld {
        var copy = self
        change(&copy)
        return copy
    }

    private func claim(_ fence: Int64) -> Claim { Claim(message: stored.message, attempt: Int(fence), fence: fence) }

    private func steps(of host: Int, _ rules: Set<FenceModelTests.Rule>) -> [FenceWorld] {
        switch hosts[host] {
        case .idle:
            guard stored.message.state == .queued, lastFence < Self.claims else { return [] }
            return [
                with { world in
                    let before = world.stored
                    world.lastFence += 1
                    let step = rules.contains(.numbers) ? world.lastFence - before.fence : 1
                    guard
                        let taken = world.stored.claim(
                            by: Self.names[host],
                            leaseUntil: Self.now + Self.lease,
                            step: step,
                            at: Self.now
                        )
                    else { return }
                    world.unflushed = before
                    world.phases[taken.claim.fence] = .prepared
                    world.isLeaseOver = false
                    world.hosts[host] = .claimed(fence: taken.claim.fence)
                }
            ]
        case .claimed(let fence):
            // The commit of `writing`, and that it crashes before.
            let holds = stored.isHeld(by: claim(fence)) && stored.message.state == .sending
            let begins = holds || !rules.contains(.fence)
            return [
                with { world in
                    if begins {
                        world.phases[fence] = .writing
                        world.unflushed = nil
                    }
                    world.hosts[host] = begins ? .begun(fence: fence) : .idle
                }, with { $0.hosts[host] = .idle },
            ]
        case .begun(let fence):
            return [true, false].map { isTaken in
                with { world in
                    world.hosts[host] = .written(fence: fence, isTaken: isTaken)
                    if isTaken { world.arrivals += 1 }
                }
            } + [with { $0.hosts[host] = .idle }]
        case .written(let fence, let isTaken):
            let results: [Settlement.Result] =
                isTaken
                ? [
                    .submitted(providerID: "p", detail: nil, nextReport: nil),
                    .unknown(Self.error, reconcileAt: Self.now),
                ]
                : [.retry(at: Self.now, Self.error), .failed(Self.error), .unknown(Self.error, reconcileAt: Self.now)]
            return results.map { result in
                with { world in
                    let settlement = Settlement(world.claim(fence), result, wasWritten: true)
                    if world.stored.settle(settlement, at: Self.now) != nil { world.phases[fence] = .answered }
                    world.hosts[host] = .idle
                }
            } + [with { $0.hosts[host] = .idle }]
        }
    }

    private var time: [FenceWorld] {
        stored.owner == nil || isLeaseOver ? [] : [with { $0.isLeaseOver = true }]
    }

    /// The database crashes, and has forgotten what was not flushed.
    private var crash: [FenceWorld] {
        guard let unflushed else { return [] }
        return [
            with { world in
                world.phases[world.stored.fence] = nil
                world.stored = unflushed
                world.unflushed = nil
                world.isLeaseOver = false
            }
        ]
    }

    private func recovery(_ rules: Set<FenceModelTests.Rule>) -> [FenceWorld] {
        guard stored.owner != nil, isLeaseOver else { return [] }
        return [
            with { world in
                let phase = world.phases[world.stored.fence] ?? .writing
                world.unflushed = nil
                _ = world.stored.recover(phase: rules.contains(.phases) ? phase : .prepared, at: Self.now)
                world.isLeaseOver = false
            }
        ]
    }

    private static let error = MessageError(code: "unavailable", message: "Eskiz did not answer.")
}
