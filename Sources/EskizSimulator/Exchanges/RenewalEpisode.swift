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

    /// Every episode in some calls, oldest first, and each call in one of them at most.
    static func find(in calls: some Sequence<(number: Int, call: Ledger.Call)>) -> [RenewalEpisode] {
        var finished: [RenewalEpisode] = []
        var open: [String: Opening] = [:]
        for (number, call) in calls {
            let key = call.account ?? ""
            if let opening = open[key], call.time - opening.lastAt > patience {
                finished.append(opening.episode)
                open[key] = nil
            }
            if call.isRefusedForItsToken {
                open[key, default: Opening()].add(number, .refused, call)
            } else if call.isRenewal, open[key] != nil {
                open[key]?.add(number, .renewal, call)
            } else if call.isGood, open[key]?.isWaiting(for: call) == true {
                open[key]?.add(number, .repeated, call)
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

    private struct Opening {
        var episode = RenewalEpisode(steps: [])
        var lastAt = WallTime(nanoseconds: 0)
        /// What was refused and has not been repeated yet.
        var waiting: [String] = []
        var hasNewToken = false

        mutating func add(_ number: Int, _ role: Role, _ call: Ledger.Call) {
            episode.steps.append(Step(number: number, role: role))
            lastAt = call.time
            switch role {
            case .refused: waiting.append(call.signature)
            case .renewal: hasNewToken = hasNewToken || call.isGood
            case .repeated:
                if let index = waiting.firstIndex(of: call.signature) { waiting.remove(at: index) }
                episode.isHealed = waiting.isEmpty
            }
        }

        func isWaiting(for call: Ledger.Call) -> Bool { hasNewToken && waiting.contains(call.signature) }
    }
}

extension Ledger.Call {
    var isGood: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// A login or a refresh, however it went.
    var isRenewal: Bool { what == "login" || what == "refresh" }

    fileprivate var isRefusedForItsToken: Bool { status == 401 && !isRenewal }
    fileprivate var signature: String { "\(method) \(route)" }
}
