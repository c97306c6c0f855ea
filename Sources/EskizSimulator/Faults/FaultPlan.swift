/// One scripted fault: which requests, from which one on, how often, with what chance, and what happens to them.
struct Fault: Sendable, Equatable {
    let id: Int
    let route: RoutePattern
    /// Any verb when nil.
    let method: String?
    let outcome: FaultOutcome
    /// Matching requests that pass before the fault begins.
    let after: Int
    /// How many requests it hits; nil = until cleared.
    let times: Int?
    let probability: Double
    private(set) var matched = 0
    private(set) var hits = 0

    init(id: Int, _ document: JSON) throws(BadSetting) {
        guard case .object(let members) = document else {
            throw BadSetting(detail: "Send one JSON object with route and outcome.")
        }
        let known = ["route", "method", "outcome", "times", "after", "probability"]
        if let unknown = members.first(where: { !known.contains($0.name) }) {
            throw BadSetting(detail: "There is no field “\(unknown.name)”. Fields: \(known.joined(separator: ", ")).")
        }
        guard let text = document["route"]?.text, !text.isEmpty else {
            throw BadSetting(detail: "route: a path such as message/sms/send, POST message/sms/send, auth/* or *.")
        }
        let (verb, route) = RoutePattern.split(text)
        guard let outcome = document["outcome"] else { throw BadSetting(detail: "outcome: \(FaultOutcome.valid).") }
        self.id = id
        self.route = RoutePattern(route)
        method = document["method"]?.text?.uppercased() ?? verb
        self.outcome = try FaultOutcome(outcome)
        after = try Self.count(document, "after", smallest: 0) ?? 0
        // A storm that came back on every request would kill each token that heals it.
        times = try Self.count(document, "times", smallest: 1) ?? (self.outcome.isStorm ? 1 : nil)
        if let value = document["probability"], value != .null {
            guard let share = value.share else { throw BadSetting(detail: "probability: a number of 0…1.") }
            probability = share
        } else {
            probability = 1
        }
    }

    private static func count(_ document: JSON, _ name: String, smallest: Int) throws(BadSetting) -> Int? {
        guard let value = document[name], value != .null else { return nil }
        guard case .int(let count) = value, count >= smallest else {
            throw BadSetting(detail: "\(name): a whole number of at least \(smallest).")
        }
        return count
    }

    var isSpent: Bool { times.map { hits >= $0 } ?? false }

    /// Counts a request that passed by; true when the fault takes it.
    mutating func takes(method: String, route: String, random: inout SeededRandom) -> Bool {
        guard !isSpent, self.method == nil || self.method == method, self.route.matches(route) else { return false }
        matched += 1
        guard matched > after, random.chance(probability) else { return false }
        hits += 1
        return true
    }

    var document: JSON {
        [
            "id": .int(id), "route": .string(route.text), "method": JSON(method), "outcome": outcome.document,
            "after": .int(after), "times": JSON(times), "probability": .double(probability),
            "matched": .int(matched), "hits": .int(hits),
        ]
    }
}

/// The faults that are waiting for requests.
///
/// The first that takes a request has it; spent ones leave.
struct FaultPlan: Sendable {
    private(set) var faults: [Fault] = []
    private var nextID = 1

    mutating func add(_ document: JSON) throws(BadSetting) -> Fault {
        let fault = try Fault(id: nextID, document)
        nextID += 1
        faults.append(fault)
        return fault
    }

    mutating func clear() { faults = [] }

    /// Takes one fault away; false when there is none with that id.
    mutating func remove(_ id: Int) -> Bool {
        guard let index = faults.firstIndex(where: { $0.id == id }) else { return false }
        faults.remove(at: index)
        return true
    }

    mutating func outcome(method: String, route: String, random: inout SeededRandom) -> FaultOutcome? {
        for index in faults.indices where faults[index].takes(method: method, route: route, random: &random) {
            let outcome = faults[index].outcome
            if faults[index].isSpent { faults.remove(at: index) }
            return outcome
        }
        return nil
    }
}
