/// The provider's rules as one value: a call and a time go in, an answer comes out.
///
/// It reads no clock, opens no socket and draws all chance from one seeded source, so a month of its life is tested in a
/// millisecond. `ProviderResponder` keeps it behind a lock.
struct Provider: Sendable {
    struct Configuration: Sendable {
        /// How long a token lives: 30 days at the real provider.
        var tokenLifetime = Duration.seconds(30 * 86_400)
        /// The newest messages that are kept.
        var messageLimit = 100_000
    }

    enum Event: Sendable {
        case step(messageID: Int, DeliveryStep)
        case report(CallbackJob)
        case moderate(templateID: Int)
    }

    let configuration: Configuration
    var behaviour = Behaviour() { didSet { revision &+= 1 } }
    var faults = FaultPlan() { didSet { revision &+= 1 } }
    var ledger = Ledger() { didSet { revision &+= 1 } }
    var inbox = Inbox()
    var accounts: [Account]
    var tokens = TokenRegistry() { didSet { revision &+= 1 } }
    var templates: [Template] = [] { didSet { revision &+= 1 } }
    var messages: MessageStore { didSet { revision &+= 1 } }
    var contacts = ContactBook()
    var schedule = Schedule<Event>()
    var random: SeededRandom
    /// How far the control API has moved the clock.
    var clockAdvance = Duration.zero { didSet { revision &+= 1 } }
    var nextTemplateID = 1
    /// Grows with everything that somebody who looks at the pages could see.
    private(set) var revision = 0
    /// Counts resets.
    private(set) var epoch = 0
    /// How often the switches with a limited number of times have struck.
    var authAnswersGiven = 0
    var lostAuthAnswersGiven = 0

    init(configuration: Configuration = Configuration(), seed: UInt64, at real: WallTime) {
        self.configuration = configuration
        random = SeededRandom(seed: seed)
        accounts = Account.standard(now: real)
        messages = MessageStore(limit: configuration.messageLimit)
    }

    /// As new, at the true time.
    ///
    /// Tokens of before are foreign afterwards.
    mutating func reset(at real: WallTime) {
        let (epoch, revision) = (epoch + 1, revision + 1)
        self = Provider(configuration: configuration, seed: random.next(), at: real)
        self.epoch = epoch
        self.revision = revision
    }

    /// Merges switches, lets a new balance take effect, and starts the counted answers anew.
    mutating func setBehaviour(_ document: JSON) throws(BadSetting) {
        try behaviour.merge(document, tokenLifetime: configuration.tokenLifetime)
        authAnswersGiven = 0
        lostAuthAnswersGiven = 0
        if let balance = behaviour.balance, document["balance"] != nil {
            for index in accounts.indices { accounts[index].balance = balance }
        }
    }

    /// The provider's own time: the true one, moved by the control API and wrong by the switch `clock_offset`.
    func now(_ real: WallTime) -> WallTime { real + clockAdvance + behaviour.clockOffset }

    /// The true time at which something is due by the provider's clock.
    func real(_ due: WallTime) -> WallTime { due - clockAdvance - behaviour.clockOffset }

    /// Lets everything happen that is due, and gives back the reports to post.
    mutating func advance(to real: WallTime) -> [CallbackJob] {
        let now = now(real)
        var reports: [CallbackJob] = []
        while let (event, due) = schedule.popDue(at: now) {
            switch event {
            case .step(let id, let step): reports += take(step, message: id, at: min(due, now))
            case .report(let job): reports.append(job)
            case .moderate(let id): settleTemplate(id, Template.Status(behaviour.moderationVerdict), maskedText: nil)
            }
        }
        return reports
    }

    /// Answers one call.
    mutating func receive(_ call: Call, at real: WallTime) -> Handling {
        let due = advance(to: real)
        let now = now(real)
        if call.fault?.isStorm == true { _ = tokens.expireAll() }
        var entry = Ledger.Call(time: now, method: call.method, route: call.route, what: "unknown")
        entry.fault = call.fault.map(CallFault.scripted)
        var handling: Handling
        let endpoint = Endpoint.matching(method: call.method, route: call.route, by: behaviour)
        if let endpoint, let unreadable = call.unreadable {
            handling = refuse(unreadable, of: endpoint, entry: &entry)
        } else if let endpoint {
            handling = answer(endpoint, call, at: now, entry: &entry)
        } else {
            handling = Handling(reply: .answer(.notFound))
        }
        handling.reports = due + handling.reports
        apply(call.fault, to: &handling)
        entry.status = handling.visibleStatus
        handling.callNumber = ledger.record(entry)
        return handling
    }

    /// A body that is no text in any way that it states.
    private mutating func refuse(_ unreadable: String, of endpoint: Endpoint, entry: inout Ledger.Call) -> Handling {
        if endpoint.isSend { ledger.sendsRefused += 1 }
        if endpoint.isCredentialCall { ledger.refused += 1 }
        entry.what = Optional(endpoint).words
        entry.note = unreadable
        return Handling(reply: .answer(refusal(unreadable)))
    }

    /// The answer of a fault that keeps the request from the rules.
    ///
    /// The second value is the call's number in the ledger.
    mutating func refuse(_ call: Call, by fault: FaultOutcome, at real: WallTime) -> (answer: Answer?, number: Int) {
        let endpoint = Endpoint.matching(method: call.method, route: call.route, by: behaviour)
        var entry = Ledger.Call(time: now(real), method: call.method, route: call.route, what: endpoint.words)
        entry.fault = .scripted(fault)
        let answer = fault.status.map { scripted($0, fault) }
        entry.status = answer?.status
        if let status = answer?.status, !(200..<300).contains(status) {
            if endpoint?.isCredentialCall == true { ledger.refused += 1 }
            if endpoint?.isSend == true { ledger.sendsRefused += 1 }
        }
        return (answer, ledger.record(entry))
    }

    private mutating func apply(_ fault: FaultOutcome?, to handling: inout Handling) {
        guard let fault else { return }
        switch fault.wire {
        case .resetAfter: handling.wire = .reset
        case .silenceAfter: handling.wire = .silence
        case .garbage: handling.wire = .garbage
        case .truncated: handling.wire = .truncated
        case .answer, .resetBefore, .silence:
            if let status = fault.status { handling.reply = .answer(scripted(status, fault)) }
        }
    }

    /// The answer of a scripted status: the fault's own body, else the one the provider or its proxy would give.
    mutating func scripted(_ status: Int, _ fault: FaultOutcome) -> Answer {
        var answer: Answer
        switch status {
        case 401: answer = unauthorized()
        case 500, 502, 503, 504: answer = .gatewayFault(status)
        case 200..<300: answer = .json([:], status: status)
        default: answer = refusal("Error \(status)", status: status)
        }
        if let body = fault.body {
            answer.body = Array(body.utf8)
            answer.contentType =
                body.hasPrefix("<") ? "text/html" : JSON(parsing: body) == nil ? "text/plain" : "application/json"
        }
        for header in fault.headers where header.name.lowercased() == "content-type" {
            answer.contentType = header.value
        }
        answer.headers += fault.headers.filter { $0.name.lowercased() != "content-type" }
        return answer
    }

    mutating func refusal(_ message: String, status: Int = 400) -> Answer {
        .refusal(message, status: status, id: random.uuid())
    }

    /// The delay of a route, and whether it is never answered (mode M11).
    mutating func latency(of route: String) -> (delay: Duration, never: Bool) {
        guard let rule = behaviour.latency.first(where: { $0.route.matches(route) }) else { return (.zero, false) }
        if rule.never > 0, random.chance(rule.never) { return (.zero, true) }
        let range = rule.shortest.wholeNanoseconds...rule.longest.wholeNanoseconds
        return (.nanoseconds(Int64.random(in: range, using: &random)), false)
    }
}

extension Handling {
    /// The status that the client will see, nil when it sees none.
    var visibleStatus: Int? {
        guard wire != .reset, wire != .silence else { return nil }
        guard case .answer(let answer) = reply else { return 200 }
        return answer.status
    }
}

extension Template.Status {
    init(_ verdict: Behaviour.ModerationVerdict) {
        self =
            switch verdict {
            case .service: .service
            case .reklama: .reklama
            case .rejected: .rejected
            }
    }
}

extension Endpoint? {
    /// What a call was, for the ledger.
    var words: String {
        switch self {
        case nil: "unknown"
        case .login: "login"
        case .refresh: "refresh"
        case .invalidate: "invalidate"
        case .send, .sendBatch, .sendGlobal: "send"
        case .statusByID, .userMessages, .messagesByDispatch, .dispatchStatus, .logs, .export: "read messages"
        case .user, .nicknames, .limit, .prices: "read account"
        case .addTemplate, .templates: "templates"
        case .normalizer, .check: "check text"
        case .totals, .totalByMonth, .totalBySMSC, .totalByRange, .totalByDispatch: "report"
        case .gen1: "generation 1"
        }
    }
}
