import EskizPages
import EskizWords

/// The ledger for people: newest first, the calls of one renewal together.
struct CallList {
    enum Filter: String, CaseIterable {
        case all, credentials, sends, refused

        var phrase: Phrase {
            switch self {
            case .all: .filterAll
            case .credentials: .filterCredentials
            case .sends: .filterSends
            case .refused: .filterRefused
            }
        }

        func includes(_ call: Ledger.Call) -> Bool {
            switch self {
            case .all: true
            case .credentials: call.isRenewal || call.what == "invalidate" || call.status == 401
            case .sends: call.what == "send"
            case .refused: !call.isGood
            }
        }
    }

    /// Renewals are looked for among so many of the newest calls.
    private static let horizon = 2_000
    /// Rows of one renewal that are shown; a storm may have refused hundreds.
    private static let rowLimit = 12

    private let ledger: Ledger
    private let visit: PageVisit
    private let calls: [(number: Int, call: Ledger.Call)]

    init(_ ledger: Ledger, _ visit: PageVisit) {
        self.ledger = ledger
        self.visit = visit
        let newest = ledger.calls.suffix(Self.horizon)
        let first = ledger.nextNumber - newest.count
        calls = newest.enumerated().map { (first + $0.offset, $0.element) }
    }

    var episodes: [RenewalEpisode] {
        RenewalEpisode.find(in: calls) { ledger.exchanges[$0]?.request.body.text }
    }

    /// What is shown, a renewal at the place of its last call.
    func items(limit: Int, filter: Filter) -> [PageContext] {
        var episodeOfCall: [Int: RenewalEpisode] = [:]
        for episode in episodes { for number in episode.numbers { episodeOfCall[number] = episode } }
        var items: [PageContext] = []
        for (number, call) in calls.reversed() where items.count < limit {
            if let episode = episodeOfCall[number] {
                guard episode.numbers.last == number, filter != .refused || !episode.isHealed else { continue }
                items.append(PageContext(filling: ["episode": context(of: episode), "call": nil]))
            } else if filter.includes(call) {
                items.append(PageContext(filling: ["episode": nil, "call": row(number, call)]))
            }
        }
        return items
    }

    func row(_ number: Int, _ call: Ledger.Call, role: RenewalEpisode.Role? = nil) -> PageContext {
        PageContext(filling: [
            "callID": number, "href": "/calls/\(number)", "clock": call.time.preciseClock, "stamp": call.time.rfc3339,
            "method": call.method, "route": call.route, "what": what(call),
            "status": call.status.map(String.init) ?? "—", "tone": call.tone.rawValue,
            "hasStatus": call.status != nil,
            "generation": call.tokenGeneration.map { visit.say(.generation, ["number": String($0)]) },
            "fault": call.fault.map(visit.language.say), "note": call.note.map(note), "role": role.map { "\($0)" },
        ])
    }

    func context(of episode: RenewalEpisode) -> PageContext {
        let steps = episode.steps.compactMap { step in ledger[step.number].map { (step, $0) } }
        let shown = steps.prefix(Self.rowLimit)
        return PageContext(filling: [
            "episodeID": episode.numbers.first ?? 0, "isHealed": episode.isHealed,
            "heading": visit.say(episode.isHealed ? .renewalHealed : .renewalOpen),
            "took": duration(steps.map { $0.1 }), "flow": flow(steps),
            "rows": shown.map { row($0.0.number, $0.1, role: $0.0.role) },
            "hiddenRows": steps.count > shown.count ? "+\(steps.count - shown.count)" : nil,
        ])
    }

    private func duration(_ calls: [Ledger.Call]) -> String? {
        guard let first = calls.first, let last = calls.last else { return nil }
        let seconds = (last.time - first.time).inSeconds
        return seconds < 1
            ? "\(Int((seconds * 1_000).rounded()))\u{A0}ms" : "\((seconds * 10).rounded() / 10)\u{A0}s"
    }

    /// The renewal in a line: equal steps next to each other are counted.
    private func flow(_ steps: [(RenewalEpisode.Step, Ledger.Call)]) -> [PageContext] {
        var chips: [(text: String, tone: String, count: Int)] = []
        for (_, call) in steps {
            let text = "\(what(call)) \(call.status.map(String.init) ?? "—")"
            if let last = chips.last, last.text == text {
                chips[chips.count - 1].count += 1
            } else {
                chips.append((text, call.tone.rawValue, 1))
            }
        }
        return chips.prefix(8).enumerated().map { index, chip in
            PageContext(filling: [
                "text": chip.text, "tone": chip.tone, "isFirst": index == 0,
                "many": chip.count > 1 ? visit.say(.times, ["count": String(chip.count)]) : nil,
            ])
        }
    }

    /// What the rules remark most often, in the language of the reader; the rest as it stands in the ledger.
    private func note(_ text: String) -> String {
        let phrases: [String: Phrase] = [
            "no token": .noteNoToken, "not a token of ours": .noteForeign, "token expired": .noteExpired,
            "token revoked": .noteRevoked, "token not yet known to this replica": .noteLag,
            "wrong key": .noteWrongKey, "no balance: will never be delivered": .noteNoMoney,
        ]
        let issued = "issued generation "
        if text.hasPrefix(issued) {
            return visit.say(.noteIssued, ["number": String(text.dropFirst(issued.count))])
        }
        return phrases[text].map { visit.say($0) } ?? text
    }

    func what(_ call: Ledger.Call) -> String {
        if call.what.hasPrefix("callback ") {
            return visit.say(.whatCallback, ["status": String(call.what.dropFirst("callback ".count))])
        }
        let phrase: Phrase =
            switch call.what {
            case "login": .whatLogin
            case "refresh": .whatRefresh
            case "invalidate": .whatInvalidate
            case "send": .whatSend
            case "read messages": .whatReadMessages
            case "read account": .whatReadAccount
            case "templates": .whatTemplates
            case "check text": .whatCheckText
            case "report": .whatReport
            case "generation 1": .whatGeneration1
            default: .whatUnknown
            }
        return visit.say(phrase)
    }
}

extension Ledger.Call {
    var tone: MessageState.Tone {
        switch status {
        case .some(200..<300): .good
        case 401: .warning
        default: .bad
        }
    }
}
