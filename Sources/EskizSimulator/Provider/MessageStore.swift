/// Every message kept, oldest first, with an index for each way to ask.
///
/// Memory is bound: beyond the limit the oldest tenth is forgotten at once, so that a send never pays for a scan.
struct MessageStore: Sendable {
    private static let firstID = 90_000_001

    private var messages: [Message] = []
    private var idOfFirst = MessageStore.firstID
    private var byRequest: [String: [Int]] = [:]
    private var byPhone: [String: [Int]] = [:]
    private var byDispatch: [String: [Int]] = [:]
    private let limit: Int

    init(limit: Int) {
        self.limit = max(10, limit)
    }

    var nextID: Int { idOfFirst + messages.count }
    var oldestFirst: [Message] { messages }
    var count: Int { messages.count }

    mutating func append(_ message: Message) {
        messages.append(message)
        byRequest[message.requestID, default: []].append(message.id)
        byPhone[message.to, default: []].append(message.id)
        if let dispatchID = message.dispatchID { byDispatch[dispatchID, default: []].append(message.id) }
        if messages.count > limit { forgetOldest() }
    }

    subscript(id: Int) -> Message? {
        messages.indices.contains(id - idOfFirst) ? messages[id - idOfFirst] : nil
    }

    /// Changes a message in place; nil when it is gone.
    mutating func change<Result>(_ id: Int, _ body: (inout Message) -> Result) -> Result? {
        guard messages.indices.contains(id - idOfFirst) else { return nil }
        return body(&messages[id - idOfFirst])
    }

    func ofRequest(_ requestID: String) -> [Message] { (byRequest[requestID] ?? []).compactMap { self[$0] } }
    func ofDispatch(_ dispatchID: String) -> [Message] { (byDispatch[dispatchID] ?? []).compactMap { self[$0] } }

    /// The newest messages first, to one number or to all.
    func newestFirst(to phone: String?, limit: Int) -> [Message] {
        if let phone { return (byPhone[phone] ?? []).suffix(limit).reversed().compactMap { self[$0] } }
        return messages.suffix(limit).reversed()
    }

    /// The newest message of each number, newest first, among the newest messages only: a list for people.
    func newestOfEachPhone(limit: Int, among count: Int, where isWanted: (Message) -> Bool) -> [Message] {
        var seen: Set<String> = []
        var found: [Message] = []
        for message in messages.suffix(count).reversed() where found.count < limit {
            guard !seen.contains(message.to), isWanted(message) else { continue }
            seen.insert(message.to)
            found.append(message)
        }
        return found
    }

    /// How many messages went to one number.
    func count(to phone: String) -> Int { byPhone[phone]?.count ?? 0 }

    /// The first message with a larger id, to one number or to all.
    func next(after id: Int, to phone: String?) -> Message? {
        if let phone {
            guard let ids = byPhone[phone] else { return nil }
            // Ids grow, so the place is found by halving.
            var low = 0
            var high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if ids[middle] > id { high = middle } else { low = middle + 1 }
            }
            return low < ids.count ? self[ids[low]] : nil
        }
        return messages.isEmpty ? nil : self[max(id + 1, idOfFirst)]
    }

    /// Forgets every message; ids go on growing, so that "the next one after" keeps its meaning.
    mutating func removeAll() {
        idOfFirst = nextID
        messages = []
        byRequest = [:]
        byPhone = [:]
        byDispatch = [:]
    }

    private mutating func forgetOldest() {
        let forgotten = messages.prefix(limit / 10 + 1)
        for message in forgotten { byRequest[message.requestID] = nil }
        let phones = Set(forgotten.map(\.to))
        let dispatches = Set(forgotten.compactMap(\.dispatchID))
        idOfFirst += forgotten.count
        messages.removeFirst(forgotten.count)
        for phone in phones { Self.prune(&byPhone, phone, before: idOfFirst) }
        for dispatch in dispatches { Self.prune(&byDispatch, dispatch, before: idOfFirst) }
    }

    private static func prune(_ index: inout [String: [Int]], _ key: String, before id: Int) {
        let kept = index[key]?.filter { $0 >= id } ?? []
        index[key] = kept.isEmpty ? nil : kept
    }
}
