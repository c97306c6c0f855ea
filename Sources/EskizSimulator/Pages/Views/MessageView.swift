import EskizPages
import EskizText
import EskizWords

/// One message: its life, its price, the call that brought it.
struct MessageView {
    private let message: Message
    private let provider: Provider
    private let visit: PageVisit

    /// By the number of the message, or by the id that the send answered.
    init?(_ text: String, _ provider: Provider, _ visit: PageVisit) {
        let found = Int(text).flatMap { provider.messages[$0] } ?? provider.messages.ofRequest(text.lowercased()).first
        guard let found else { return nil }
        message = found
        self.provider = provider
        self.visit = visit
    }

    func page(_ common: CommonView) -> Page {
        let list = CallList(provider.ledger, visit)
        let reports = provider.ledger.calls.isEmpty ? [] : self.reports(list)
        // Numbers of calls begin anew with a reset, and so do the messages.
        let account = provider.accounts.first { $0.id == message.accountID }?.email
        var context = common.context(of: .inbox)
        context.merge(
            PageContext(filling: [
                "message": message.context(visit),
                "number": Message.spaced(message.to),
                "talkHref": "/?\(URLEncoding.encode([("to", message.to)]))",
                "facts": facts, "steps": steps, "partList": parts,
                "reports": reports, "hasReports": !reports.isEmpty, "hasCallback": message.callbackURL != nil,
                "callHref": "/calls/\(message.callNumber)",
                "callName": visit.say(.callNumber, ["number": String(message.callNumber)]),
                "exchange": ExchangeView(exchange, account: account, visit).context,
            ])
        ) { $1 }
        let code = CodeFinder.code(in: message.text)
        let title = "\(code ?? Message.spaced(message.to)) · \(visit.say(.message)) · Eskiz"
        return Page(template: .message, title: title, context: context)
    }

    private var exchange: Exchange? { provider.ledger.exchanges[message.callNumber] }

    /// The newest first 2,000 calls are looked through: reports come soon after the message.
    private func reports(_ list: CallList) -> [PageContext] {
        let ledger = provider.ledger
        let first = max(message.callNumber, ledger.firstNumber)
        guard first < ledger.nextNumber else { return [] }
        return (first..<min(first + 2_000, ledger.nextNumber)).compactMap { number in
            guard let call = ledger[number], call.route == "callback", call.id == message.requestID else { return nil }
            return list.row(number, call)
        }
    }

    private var facts: [PageContext] {
        let segmentation = Segmentation(of: message.text, rules: .cabinet)
        var forcing: [String] = []
        for scalar in segmentation.forcingScalars where forcing.count < 12 {
            let character = String(Character(scalar.scalar))
            if !forcing.contains(character) { forcing.append(character) }
        }
        let price = visit.say(
            .priceFormula,
            ["count": String(message.partsCount), "each": visit.language.grouped(message.price)]
        )
        let facts: [(Phrase, String?)] = [
            (.to, Message.spaced(message.to)),
            (.from, message.nick + (message.isAd ? " · \(visit.say(.advertising))" : "")),
            (.operatorName, message.operatorName),
            (.segments, String(message.partsCount)),
            (.encoding, "\(message.encodingName) (\(message.encoding))"),
            (.characters, String(message.text.count)),
            (.forcing, message.encoding == 8 && !forcing.isEmpty ? forcing.joined(separator: " ") : nil),
            (.price, message.partsCount > 1 ? "\(price) = \(visit.language.money(message.totalPrice))" : price),
            (.identifier, "\(message.requestID) · \(message.id)"),
            (.reference, message.userSMSID), (.dispatch, message.dispatchID),
        ]
        return facts.compactMap { phrase, value in
            value.map { PageContext(filling: ["label": visit.say(phrase), "value": $0]) }
        }
    }

    private var steps: [PageContext] {
        let state = MessageState(message)
        let times: [(Phrase, WallTime?)] = [
            (.stepTaken, message.takenAt), (.stepStored, message.storedAt), (.stepAccepted, message.acceptedAt),
            (state.step == 4 ? state.phrase : .stepFinal, message.finalAt),
        ]
        return times.enumerated().map { index, step in
            PageContext(filling: [
                "name": visit.say(step.0), "clock": step.1?.preciseClock, "stamp": step.1?.rfc3339,
                "isDone": step.1 != nil,
                "tone": index == 3 && step.1 != nil ? state.tone.rawValue : MessageState.Tone.neutral.rawValue,
            ])
        }
    }

    private var parts: [PageContext] {
        message.parts.enumerated().map { index, part in
            PageContext(filling: [
                "index": index + 1, "partKey": part.key,
                "states": part.states.isEmpty ? "NEW" : part.states.joined(separator: " → "),
            ])
        }
    }
}
