/// How a client got over a dead token: refused with 401, renewed, sent again.
///
/// Found by looking back over the ledger; the simulator itself knows nothing of a client's intentions.
struct RenewalEpisode: Sendable, Equatable {
    enum Role: Sendable, Equatable {
        /// Answered 401 because of its token.
        case refused
        /// A refresh or a login.
        case renewal
        /// The refused call once more, with another token.
        case repeated
    }

    struct Step: Sendable, Equatable {
        let number: Int
        let role: Role
    }

    /// In the order of the ledger.
    private(set) var steps: [Step]
    /// Every refused call was repeated with success.
    private(set) var isHealed = false

    var numbers: [Int] { steps.map(\.number) }
    func count(of role: Role) -> Int { steps.count { $0.role == role } }

    /// A renewal that comes later than this has another reason.
    private static let patience = Duration.seconds(60)

    /// Finds every episode in some calls.
    ///
    /// - Parameters:
    ///   - calls: in the order of the ledger.
    ///   - body: what a call carried, where it is still known: the same body refused twice is one call, tried twice.
    /// - Returns: oldest first; each call is in one of them at most.
    static func find(
        in calls: some Sequence<(number: Int, call: Ledger.Call)>,
        body: (_ number: Int) -> String? = { _ in nil }
    ) -> [RenewalEpisode] {
        var finished: [RenewalEpisode] = []
        var open: [String: Opening] = [:]
        for (number, call) in calls {
            let key = call.account ?? nobody
            for known in Set([key, nobody]) {
                guard let opening = open[known], call.time - opening.lastAt > patience else { continue }
                finished.append(opening.episode)
                open[known] = nil
            }
            if call.isRefusedForItsToken {
                open[key, default: Opening()].add(number, .refused, call, body: body(number))
            } else if call.isRenewal {
                // A token that is not ours, or a fault before anybody looked at it: whoever renews next had it.
                if key != nobody, call.isGood, let stranger = open.removeValue(forKey: nobody) {
                    open[key, default: Opening()].take(over: stranger)
                }
                open[key]?.add(number, .renewal, call)
            } else if call.isGood, open[key]?.isWaiting(for: call) != true {
                // The same message went through with no new token: its refusal is over, and no part of what comes.
                for known in Set([key, nobody]) where open[known]?.forget(call, body: body(number)) == true {
                    open[known] = nil
                }
            } else if call.isGood {
                open[key]?.add(number, .repeated, call, body: body(number))
                if let episode = open[key]?.episode, episode.isHealed {
                    finished.append(episode)
                    open[key] = nil
                }
            }
        }
        // A refusal alone is a call like any other.
        let all = finished + open.values.map(\.episode)
        return all.filter { $0.steps.contains { $0.role != .refused } }.sorted { $0.numbers[0] < $1.numbers[0] }
    }

    /// In the place of an account, for calls whose token was nobody's or was not looked at.
    private static let nobody = ""

    private struct Opening {
        /// A call that was refused and has not been repeated yet.
        struct Waiting: Equatable {
            var signature: String
            var body: String?
        }

        var episode = RenewalEpisode(steps: [])
        var lastAt = WallTime(nanoseconds: 0)
        var waiting: [Waiting] = []
        var hasNewToken = false

        mutating func add(_ number: Int, _ role: Role, _ call: Ledger.Call, body: String? = nil) {
            episode.steps.append(Step(number: number, role: role))
            lastAt = call.time
            let same = Waiting(signature: call.signature, body: body.flatMap { $0.isEmpty ? nil : $0 })
            switch role {
            case .refused: if same.body == nil || !waiting.contains(same) { waiting.append(same) }
            case .renewal: hasNewToken = hasNewToken || call.isGood
            case .repeated:
                let index =
                    waiting.firstIndex(of: same) ?? waiting.firstIndex { $0.signature == same.signature }
                if let index { waiting.remove(at: index) }
                episode.isHealed = waiting.isEmpty
            }
        }

        /// Drops the refusal of a call that carried the same, before anything was renewed.
        ///
        /// - Returns: whether nothing is left.
        mutating func forget(_ call: Ledger.Call, body: String?) -> Bool {
            let same = Waiting(signature: call.signature, body: body)
            guard body?.isEmpty == false, !hasNewToken, let index = waiting.firstIndex(of: same) else { return false }
            waiting.remove(at: index)
            return waiting.isEmpty
        }

        mutating func take(over other: Opening) {
            episode.steps = (episode.steps + other.episode.steps).sorted { $0.number < $1.number }
            lastAt = max(lastAt, other.lastAt)
            waiting += other.waiting
        }

        func isWaiting(for call: Ledger.Call) -> Bool {
            hasNewToken && waiting.contains { $0.signature == call.signature }
        }
    }
}

extension Ledger.Call {
    var isGood: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// A login or a refresh, however it went.
    var isRenewal: Bool { what == "login" || what == "refresh" }

    fileprivate var isRefusedForItsToken: Bool { status == 401 && !isRenewal }
    fileprivate var signature: String { "\(method) \(route)" }
}
