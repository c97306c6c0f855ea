import EskizPages
import EskizWords

/// The inbox: phones on one side, the conversation of one of them on the other.
struct InboxView {
    /// The newest messages that a search looks through, and a list of phones is made from.
    static let horizon = 10_000
    private static let phoneLimit = 100
    private static let messageLimit = 100

    private let provider: Provider
    private let visit: PageVisit
    private let query: String
    /// The phone in the address; nil leaves the choice to us.
    private let asked: String?

    init(_ provider: Provider, _ visit: PageVisit) {
        self.provider = provider
        self.visit = visit
        query = visit.query.nonEmpty("q") ?? ""
        asked = Inbox.digits(of: visit.query.text("to"))
    }

    func page(_ common: CommonView) -> Page {
        let search = MessageSearch(query)
        let newest = provider.messages.newestOfEachPhone(
            limit: Self.phoneLimit,
            among: Self.horizon,
            where: search.matches
        )
        let chosen = asked ?? newest.first?.to
        var context = common.context(of: .inbox)
        context.merge(
            PageContext(filling: [
                "hasMessages": provider.messages.count > 0,
                "hasPhones": !newest.isEmpty,
                "phoneList": newest.map { phone($0, chosen: chosen) },
                "isSearching": !query.isEmpty,
                "nothingMatches": visit.say(.nothingFoundFor, ["query": query]),
                "hasAsked": asked != nil,
                "talk": chosen.flatMap { conversation(with: $0, search) },
                "allPhonesHref": query.isEmpty ? "/" : "/?\(URLEncoding.encode([("q", query)]))",
                "isCut": newest.count == Self.phoneLimit,
                "origin": visit.origin,
                "sampleCommand": sampleCommand,
                "recentCalls": CallList(provider.ledger, visit).items(limit: 8, filter: .all),
                "hasCalls": !provider.ledger.calls.isEmpty,
            ])
        ) { $1 }
        context.merge(QuickControls(provider, visit).context) { $1 }
        return Page(template: .inbox, title: title(of: chosen), context: context)
    }

    /// The newest code first: it is what one looks for in the row of tabs.
    private func title(of phone: String?) -> String {
        let name = "Eskiz \(visit.say(.simulator))"
        guard let phone, let message = provider.messages.newestFirst(to: phone, limit: 1).first else { return name }
        return "\(CodeFinder.code(in: message.text) ?? Message.spaced(phone)) · \(name)"
    }

    /// One of the six colours of the stylesheet, always the same for a number.
    private static func hue(of phone: String) -> String { String((Int(phone) ?? 0) % 97 % 6) }

    private func phone(_ message: Message, chosen: String?) -> PageContext {
        var pairs = [("to", message.to)]
        if !query.isEmpty { pairs.append(("q", query)) }
        let state = MessageState(message)
        return PageContext(filling: [
            "phoneID": message.to, "number": Message.spaced(message.to), "href": "/?\(URLEncoding.encode(pairs))",
            "isCurrent": message.to == chosen, "avatar": String(message.to.suffix(2)),
            "hue": Self.hue(of: message.to),
            "snippet": String(message.text.prefix(80)), "code": CodeFinder.code(in: message.text),
            "clock": message.takenAt.shortClock, "stamp": message.takenAt.rfc3339,
            "total": provider.messages.count(to: message.to), "tone": state.tone.rawValue,
            "state": visit.say(state.phrase),
        ])
    }

    private func conversation(with phone: String, _ search: MessageSearch) -> PageContext? {
        let all = provider.messages.newestFirst(to: phone, limit: Self.messageLimit)
        guard let newest = all.first else { return nil }
        // A search for the phone itself shows everything it got.
        let found = search.matches(number: phone) ? all : all.filter(search.matches)
        var days: [PageContext] = []
        for message in found.reversed() {
            let day = message.takenAt.day
            if days.last?["day"] as? String != day {
                days.append(PageContext(filling: ["day": day, "messages": [PageContext]()]))
            }
            let messages = days[days.count - 1]["messages"] as? [PageContext] ?? []
            days[days.count - 1]["messages"] = messages + [message.context(visit)]
        }
        return PageContext(filling: [
            "number": Message.spaced(phone), "operator": newest.operatorName,
            "avatar": String(phone.suffix(2)), "hue": Self.hue(of: phone), "days": days,
            "isShortened": provider.messages.count(to: phone) > Self.messageLimit,
        ])
    }

    private var sampleCommand: String {
        """
        TOKEN=$(curl -s -X POST \\
          \(CurlCommand.quoted("\(visit.origin)/_simulator/tokens")) \\
          | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
        curl -H "Authorization: Bearer $TOKEN" \\
          -d mobile_phone=998901234567 -d from=4546 \\
          -d message='Tasdiqlash kodi: 482915' \\
          \(CurlCommand.quoted("\(visit.origin)/api/message/sms/send"))
        """
    }
}

/// What a search is for: a number, a text, a code.
struct MessageSearch {
    private let words: String
    private let digits: String?

    init(_ query: String) {
        words = query.lowercased()
        // "90 123" is looked for in numbers, "kod 12" is not.
        let isNumber = query.allSatisfy { $0.isNumber || " +-()".contains($0) }
        digits = isNumber ? Inbox.digits(of: query) : nil
    }

    func matches(number: String) -> Bool { words.isEmpty || digits.map { number.contains($0) } ?? false }

    func matches(_ message: Message) -> Bool {
        matches(number: message.to) || message.text.lowercased().contains(words)
            || digits.map { CodeFinder.code(in: message.text)?.contains($0) ?? false } ?? false
            || message.requestID == words || String(message.id) == words
            || message.nick.lowercased() == words
    }
}
