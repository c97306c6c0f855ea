import Eskiz
import EskizQueue

/// Which deliveries are under way and which wait, receiver by receiver.
///
/// Pure.
///
/// A receiver has a lane of its own with a few places, and one that keeps failing has only one, so however slow or dead
/// it is, the places of the others are not its own. What finds its lane full is left to its lease: the store offers it
/// again later.
struct WebhookLanes: Sendable {
    struct Limits: Sendable, Hashable {
        /// Under way, over all lanes.
        var running = 512
        /// Under way to one receiver.
        var runningPerHost = 16
        /// Waiting, over all lanes.
        var waiting = 16_384
        /// Waiting for one receiver.
        var waitingPerHost = 1_024
        /// Waiting for one receiver that keeps failing.
        var waitingPerFailingHost = 8
        /// After so many failures in a row a receiver is tried one delivery at a time.
        var patience = 3
        /// Receivers that are remembered while nothing is there for them.
        var remembered = 4_096
        /// What a delivery needs of its lease to be begun, in nanoseconds.
        var shortestLease: Int64 = 12_000_000_000
    }

    struct Start: Sendable, Hashable {
        var delivery: WebhookDelivery
        var host: String
    }

    private struct Lane {
        var waiting: [(delivery: WebhookDelivery, leaseUntil: Int64)] = []
        var running = 0
        var failures = 0
    }

    private let limits: Limits
    private var lanes: [String: Lane] = [:]
    /// Lanes that may have something to begin, in the order of their turns.
    private var turns: [String] = []
    private var known: Set<Int64> = []
    private(set) var running = 0
    private(set) var waiting = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many more deliveries make sense to ask for.
    var room: Int { max(0, limits.waiting - waiting) }

    /// Takes a delivery in.
    ///
    /// - Returns: false if there is no place, and its lease has to run out.
    mutating func admit(_ delivery: WebhookDelivery, to host: String, leaseUntil: Int64) -> Bool {
        // Offered again while it is still here: its lease has run out meanwhile, and it will be dropped or finished.
        guard !known.contains(delivery.id) else { return true }
        forgetIdleLanes()
        // Taken out, so that it is changed and not copied.
        var lane = lanes.removeValue(forKey: host) ?? Lane()
        defer { lanes[host] = lane }
        let places = isFailing(lane) ? limits.waitingPerFailingHost : limits.waitingPerHost
        guard waiting < limits.waiting, lane.waiting.count < places else { return false }
        if lane.waiting.isEmpty { turns.append(host) }
        lane.waiting.append((delivery, leaseUntil))
        known.insert(delivery.id)
        waiting += 1
        return true
    }

    /// What is to be begun now: one of each lane in turn, as far as the places go.
    mutating func begin(at now: Int64) -> [Start] {
        var starts: [Start] = []
        var isStuck = 0
        while running < limits.running, isStuck < turns.count {
            let host = turns.removeFirst()
            guard var lane = lanes.removeValue(forKey: host) else { continue }
            drop(from: &lane, leasedUntil: now.addingClamped(limits.shortestLease))
            if !lane.waiting.isEmpty, lane.running < (isFailing(lane) ? 1 : limits.runningPerHost) {
                let delivery = lane.waiting.removeFirst().delivery
                lane.running += 1
                waiting -= 1
                running += 1
                starts.append(Start(delivery: delivery, host: host))
                isStuck = 0
            } else {
                isStuck += 1
            }
            if !lane.waiting.isEmpty { turns.append(host) }
            lanes[host] = lane
        }
        return starts
    }

    /// Notes the end of a delivery that was begun.
    mutating func end(_ start: Start, didFail: Bool) {
        known.remove(start.delivery.id)
        running -= 1
        lanes[start.host]?.running -= 1
        if didFail { lanes[start.host]?.failures += 1 } else { lanes[start.host]?.failures = 0 }
        if let lane = lanes[start.host], lane.running == 0, lane.waiting.isEmpty, lane.failures == 0 {
            lanes[start.host] = nil
        }
    }

    private func isFailing(_ lane: Lane) -> Bool {
        lane.failures >= limits.patience
    }

    /// Forgets what has no time left: the store offers it again.
    ///
    /// The longest here are first, and so are their leases' ends.
    private mutating func drop(from lane: inout Lane, leasedUntil end: Int64) {
        let over = lane.waiting.prefix { $0.leaseUntil < end }
        guard !over.isEmpty else { return }
        for entry in over { known.remove(entry.delivery.id) }
        waiting -= over.count
        lane.waiting.removeFirst(over.count)
    }

    /// Whoever invents names must not fill the memory with the memory of their failures.
    private mutating func forgetIdleLanes() {
        guard lanes.count >= limits.remembered else { return }
        lanes = lanes.filter { $0.value.running > 0 || !$0.value.waiting.isEmpty }
    }
}
