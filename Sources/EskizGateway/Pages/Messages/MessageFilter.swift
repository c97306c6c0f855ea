import EskizPages
import EskizQueue
import EskizText

/// Which messages are listed or acted upon: what stands in the address, and nothing besides.
///
/// A field that cannot be read finds nothing: ignored, it would list everything, and an action on the list would hit
/// everything.
struct MessageFilter: Sendable, Equatable {
    /// What somebody typed: a phone, our number, Eskiz's id, or a reference.
    enum Subject: Sendable, Equatable {
        case phone(PhoneNumber)
        case message(MessageID)
        case provider(String)
        case reference(String)
    }

    /// As it was typed.
    private(set) var query: String?
    private(set) var states: Set<MessageState> = []
    private(set) var lane: Lane?
    private(set) var reference: String?
    private(set) var errorCode: String?
    private(set) var hasDeadWebhook = false
    private(set) var isUnsettled = false
    /// Only older ones than this.
    private(set) var after: MessageID?
    /// Fields that cannot be read.
    private(set) var unreadable: [String] = []

    /// The names of its fields in an address or a form.
    static let names = ["q", "status", "lane", "reference", "error", "webhook", "unsettled", "after"]

    /// - Parameter field: a field of an address or a form; nil if it is absent or empty.
    init(_ field: (_ name: String) -> String?) {
        query = field("q").map { String($0.prefix(300)) }
        if let text = field("status") {
            let all = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { MessageState(rawValue: String($0)) }
            states = Set(all.compactMap { $0 })
            if all.contains(nil) { unreadable.append("status") }
        }
        if let text = field("lane") {
            lane = Lane(rawValue: text)
            if lane == nil { unreadable.append("lane") }
        }
        reference = field("reference").map { String($0.prefix(300)) }
        errorCode = field("error").map { String($0.prefix(100)) }
        if let text = field("webhook") {
            hasDeadWebhook = text == "dead"
            if !hasDeadWebhook { unreadable.append("webhook") }
        }
        if let text = field("unsettled") {
            isUnsettled = text == "yes"
            if !isUnsettled { unreadable.append("unsettled") }
        }
        if let text = field("after") {
            after = MessageID(text: text)
            if after == nil { unreadable.append("after") }
        }
    }

    /// The fields of its address, always in the same order.
    var pairs: [(name: String, value: String)] {
        var pairs: [(String, String)] = []
        func add(_ name: String, _ value: String?) { if let value { pairs.append((name, value)) } }
        add("q", query)
        let states = MessageState.allCases.filter(states.contains).map(\.rawValue)
        add("status", states.isEmpty ? nil : states.joined(separator: ","))
        add("lane", lane?.rawValue)
        add("reference", reference)
        add("error", errorCode)
        add("webhook", hasDeadWebhook ? "dead" : nil)
        add("unsettled", isUnsettled ? "yes" : nil)
        add("after", after?.text)
        return pairs
    }

    /// The list with this filter.
    var address: String { Self.address("/messages", pairs) }

    static func address(_ path: String, _ pairs: [(name: String, value: String)]) -> String {
        pairs.isEmpty ? path : "\(path)?\(URLEncoding.encode(pairs.map { ($0.name, $0.value) }))"
    }

    /// A copy of the filter with something changed.
    func changed(_ change: (inout Self) -> Void) -> Self {
        var filter = self
        change(&filter)
        return filter
    }

    mutating func set(states: Set<MessageState>) { self.states = states }
    mutating func set(after: MessageID?) { self.after = after }
    mutating func set(isUnsettled: Bool) { self.isUnsettled = isUnsettled }
    mutating func set(hasDeadWebhook: Bool) { self.hasDeadWebhook = hasDeadWebhook }

    /// Whether it leaves anything out, its place in the list aside.
    var isEmpty: Bool { changed { $0.after = nil }.pairs.isEmpty && unreadable.isEmpty }

    /// What the typed words mean.
    var subject: Subject? {
        guard let text = query.map({ String($0.drop { $0 == " " }) }), !text.isEmpty else { return nil }
        // No number of ours has nine digits: the first was given out after the first day of 2026.
        if let phone = try? PhoneNumber(text) { return .phone(phone) }
        if let id = MessageID(text: text) { return .message(id) }
        return Self.isUUID(text) ? .provider(text.lowercased()) : .reference(text)
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.utf8.allSatisfy { byte in Character(Unicode.Scalar(byte)).isHexDigit } }
    }

    /// The search for the store; nil if nothing can match.
    func search(limit: Int) -> MessageSearch? {
        guard unreadable.isEmpty else { return nil }
        var search = MessageSearch(
            states: states.isEmpty ? nil : states,
            lane: lane,
            reference: reference,
            errorCode: errorCode,
            hasDeadWebhook: hasDeadWebhook,
            isUnsettled: isUnsettled,
            before: after,
            limit: limit
        )
        switch subject {
        case .phone(let phone): search.phone = phone.digits
        case .provider(let id): search.providerID = id
        case .reference(let text):
            // Two different references at once are nobody's.
            if let reference, reference != text { return nil }
            search.reference = text
        case .message, nil: break
        }
        return search
    }

    /// What a line of the audit may say of it: no phone.
    var description: String {
        var pairs = changed { $0.after = nil }.pairs
        if case .phone(let phone) = subject, let index = pairs.firstIndex(where: { $0.name == "q" }) {
            pairs[index].value = phone.masked
        }
        return pairs.isEmpty ? "all" : pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
}
