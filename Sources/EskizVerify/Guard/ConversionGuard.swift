package import EskizQueue

/// Notices when codes are hardly ever entered: somebody has them sent to numbers that earn money by it.
///
/// Codes are counted by four groups: the network that they are asked for from, the numbers that differ in their last four
/// digits only, the operator, the API key. Where the share that is entered is certainly below a third of the usual, the
/// group is closed for a while, but for one code a minute, by which it is noticed when all is well again. What belongs to a
/// closed group counts in no wider one, so that a wide group is closed only if nothing narrower explains it.
///
/// A wide group is put on alarm before that: three codes of a block or a network that nobody entered close it then, so that an
/// attack on some blocks does not take the operator or the key with it. While a wide group is closed, whoever asks from a part
/// of the Internet whose codes are entered as usual is let through, and so is a phone that entered a code lately, or asks for
/// the second time (`SecondTries`).
///
/// Pure: it knows nothing but what it is told. A new one knows nothing and lets everything through.
package struct ConversionGuard: Sendable {
    /// What it does.
    package enum Mode: String, Sendable, CaseIterable {
        case off
        /// Says what it would refuse, and refuses nothing.
        case watch
        case enforce
    }

    /// The kinds of groups, the narrow ones first.
    package enum Kind: Int, Sendable, CaseIterable, Comparable {
        case network, block, `operator`, key

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        var isNarrow: Bool { self <= .block }
        var isWide: Bool { !isNarrow }
    }

    package struct Group: Sendable, Hashable {
        package var kind: Kind
        package var name: String
    }

    /// A group that is closed, and why.
    package struct Closing: Sendable, Hashable {
        package var group: Group
        package var figures: ConversionWindow.Figures
        /// The share that is usual for the key.
        package var usual: Double
        package var until: Timestamp
        /// When this phone is let through all the same, if it asks again.
        package var nextTry: Timestamp?
    }

    /// Who wants a code.
    package struct Send: Sendable, Hashable {
        package var phone: String
        package var apiKeyID: String
        package var network: String?
        /// Whether anybody will say that the code was entered: without that nothing can be learnt from a second try.
        package var isCounted = true

        package init(phone: String, apiKeyID: String, network: String?) {
            self.phone = phone
            self.apiKeyID = apiKeyID
            self.network = network
        }

        var groups: [Group] {
            var groups: [Group] = []
            if let network { groups.append(Group(kind: .network, name: network)) }
            groups.append(Group(kind: .block, name: String(phone.dropLast(4))))
            groups.append(Group(kind: .operator, name: NumberGroup.name(of: phone)))
            groups.append(Group(kind: .key, name: apiKeyID))
            return groups
        }
    }

    private struct State {
        var quick = ConversionWindow(step: .seconds(2), length: .seconds(45))
        var fast = ConversionWindow(step: .seconds(5), length: .seconds(300))
        var slow = ConversionWindow(step: .seconds(600), length: .seconds(6 * 3_600))
        var closing: Closing?
        var closedAt: Timestamp?
        /// Until when the narrow groups in it are looked at more closely.
        var alarmUntil: Timestamp?
        /// How often it was closed in a row.
        var closings = 0
        var lastTrickle: Timestamp?

        /// - Returns: whether the group has been closed.
        mutating func noteSend(at now: Timestamp) -> Bool {
            quick.noteSend(at: now)
            fast.noteSend(at: now)
            slow.noteSend(at: now)
            if let closing, now < closing.until { lastTrickle = max(lastTrickle ?? now, now) }
            return closing != nil
        }
    }

    /// What is usual for a key: counts that forget half of themselves in about a day.
    ///
    /// An hour counts when it is over, and only if it was not far below what was usual before: an attack is not usual.
    private struct Usual {
        private var sent = 0.0
        private var approved = 0.0
        private var hour: Int64?
        private var sentInHour = 0.0
        private var approvedInHour = 0.0

        /// Nil while too little is known.
        var share: Double? { sent >= 100 ? min(1, max(0.3, approved / sent)) : nil }

        mutating func noteSend(at now: Timestamp) {
            let current = now.milliseconds / 3_600_000
            if let hour, hour != current { fold(current - hour) }
            hour = current
            sentInHour += 1
        }

        mutating func noteApproval() { approvedInHour += 1 }

        private mutating func fold(_ hours: Int64) {
            let kept = 1 / (1 + Double(min(max(1, hours), 10_000)) / 24)
            sent *= kept
            approved *= kept
            if sentInHour > 0, approvedInHour / sentInHour >= (share ?? 0.6) / 2 {
                sent += sentInHour
                approved += approvedInHour
            }
            (sentInHour, approvedInHour) = (0, 0)
        }
    }

    private var states: [Group: State] = [:]
    private var usual: [String: Usual] = [:]
    private var regions = RegionStandings()
    private var seconds = SecondTries()
    /// Phones that entered a code lately, as hashes.
    private var trusted: Set<Int> = []

    /// A code that is younger than this may still be entered.
    private static let patience: Duration = .seconds(12)
    private static let fewest = (narrow: 20, wide: 60)
    /// So many of a wide group begin an alarm, and so many of a narrow one close it during an alarm.
    private static let alarm = (wide: 40, narrow: 3)
    private static let firstHold: Duration = .seconds(600)
    private static let trickle: Duration = .seconds(60)
    private static let trustedLimit = 500_000
    private static let groupLimit = 100_000

    package init() {}

    // MARK: Deciding

    /// Why a code is not sent; nil if it may be.
    ///
    /// A phone that has entered a code before is let through.
    package mutating func refusal(of send: Send, at now: Timestamp) -> Closing? {
        guard !trusted.contains(send.phone.hashValue) else { return nil }
        let isAlarm = send.groups.contains { group in
            group.kind.isWide && (states[group]?.alarmUntil).map { now < $0 } ?? false
        }
        for group in send.groups {
            guard let state = states[group] else { continue }
            if let closing = state.closing, now < closing.until {
                if group.kind.isWide, isInGoodStanding(send, at: now) { continue }
                guard now < (state.lastTrickle ?? closing.until - Self.firstHold) + Self.trickle else { continue }
                guard let closing = afterTry(closing, of: send, at: now) else { continue }
                return closing
            }
            if let closing = judge(group, of: send, isAlarm: isAlarm, at: now) {
                guard group.kind.isNarrow || !isInGoodStanding(send, at: now) else { continue }
                guard let closing = afterTry(closing, of: send, at: now) else { continue }
                return closing
            }
        }
        return nil
    }

    /// Whether codes that are asked for from the same part of the Internet are entered as usual.
    private mutating func isInGoodStanding(_ send: Send, at now: Timestamp) -> Bool {
        guard let network = send.network else { return false }
        let usual = usualShare(of: send.apiKeyID)
        return regions.isGood(network, of: send.apiKeyID, usual: usual, at: now, olderThan: Self.patience)
    }

    /// Whoever is refused because of everybody else may ask again.
    ///
    /// - Returns: nil if this is the second try.
    private mutating func afterTry(_ closing: Closing, of send: Send, at now: Timestamp) -> Closing? {
        guard closing.group.kind.isWide, send.isCounted else { return closing }
        let usual = usualShare(of: send.apiKeyID)
        var closing = closing
        switch seconds.tried(send.phone, of: send.apiKeyID, usual: usual, at: now, olderThan: Self.patience) {
        case .passes: return nil
        case .again(let moment): closing.nextTry = moment
        case .refused: break
        }
        return closing
    }

    /// Looks at a group, and closes it if it has to be.
    private mutating func judge(_ group: Group, of send: Send, isAlarm: Bool, at now: Timestamp) -> Closing? {
        guard var state = states[group] else { return nil }
        let usual = usualShare(of: send.apiKeyID)
        let wasClosed = state.closing != nil
        let isClose = isAlarm && group.kind.isNarrow && !wasClosed
        let fewest =
            wasClosed ? 5 : isClose ? Self.alarm.narrow : group.kind.isNarrow ? Self.fewest.narrow : Self.fewest.wide
        if group.kind.isWide, !wasClosed { beginAlarm(group, &state, usual: usual, at: now) }
        for window in [state.quick, state.fast, state.slow] {
            let figures = window.figures(at: now, olderThan: Self.patience)
            // After a while of one code a minute there are few, but they are enough to see that it goes on.
            let share =
                wasClosed || isClose ? Double(figures.approved) / Double(max(1, figures.sent)) : figures.upperBound
            guard figures.sent >= fewest, share < usual / 3 else { continue }
            state.closings += 1
            let factor = 1 << min(state.closings - 1, 5)
            let closing = Closing(group: group, figures: figures, usual: usual, until: now + Self.firstHold * factor)
            leaveOut(state, of: group, send)
            state.quick.clear()
            state.fast.clear()
            state.slow.clear()
            state.closing = closing
            state.closedAt = now
            state.lastTrickle = now
            states[group] = state
            return closing
        }
        if wasClosed {
            state.closing = nil
            if state.slow.figures(at: now, olderThan: Self.patience).sent >= fewest { state.closings = 0 }
            states[group] = state
        }
        return nil
    }

    /// Fewer codes than a closing needs say that something may be going on.
    private mutating func beginAlarm(_ group: Group, _ state: inout State, usual: Double, at now: Timestamp) {
        let isStrange = [state.quick, state.fast].contains { window in
            let figures = window.figures(at: now, olderThan: Self.patience)
            return figures.sent >= Self.alarm.wide && figures.upperBound < usual / 2
        }
        guard isStrange else { return }
        state.alarmUntil = now + Self.firstHold
        states[group] = state
    }

    /// What a narrow group is closed for says nothing of the wider ones.
    private mutating func leaveOut(_ state: State, of group: Group, _ send: Send) {
        for wider in send.groups where wider.kind > group.kind {
            states[wider]?.quick.subtract(state.quick)
            states[wider]?.fast.subtract(state.fast)
            states[wider]?.slow.subtract(state.slow)
        }
    }

    private func usualShare(of key: String) -> Double {
        usual[key]?.share ?? 0.7
    }

    // MARK: Hearing

    /// A code is being sent, of which `noteSend` tells later: where its group is closed, no other one goes through for a while.
    package mutating func noteTrickle(_ send: Send, at now: Timestamp) {
        for group in send.groups {
            guard let state = states[group], let closing = state.closing, now < closing.until else { continue }
            if isLetThrough(send, state, group, at: now) { return }
            states[group]?.lastTrickle = now
            return
        }
    }

    /// A code was sent to a phone that had none pending.
    ///
    /// - Parameters:
    ///   - send: whose it is.
    ///   - now: when that was; a moment ago where others send as well.
    package mutating func noteSend(_ send: Send, at now: Timestamp) {
        if states.count > Self.groupLimit { forgetGroups(at: now) }
        if let network = send.network { regions.noteSend(network, of: send.apiKeyID, at: now) }
        if seconds.isOne(send.phone, at: now) { seconds.noteSend(of: send.apiKeyID, at: now) }
        for group in send.groups {
            if let state = states[group] {
                // It was closed for this one as well, of which nobody had heard yet.
                if state.closing != nil, let closedAt = state.closedAt, now < closedAt { break }
                // Who is let through says nothing of those for whom the group is closed.
                if isLetThrough(send, state, group, at: now) { break }
            }
            // In place: a copy of three windows for each group costs more than all the rest.
            let isClosed = states[group, default: State()].noteSend(at: now)
            // The code of a trickle is its group's business alone.
            if isClosed { break }
        }
        usual[send.apiKeyID, default: Usual()].noteSend(at: now)
    }

    /// The code that was sent at that moment was entered.
    package mutating func noteApproval(of send: Send, sentAt: Timestamp) {
        if let network = send.network { regions.noteApproval(network, of: send.apiKeyID, sentAt: sentAt) }
        if seconds.isOne(send.phone, at: sentAt) { seconds.noteApproval(of: send.apiKeyID, sentAt: sentAt) }
        for group in send.groups {
            if let state = states[group], isLetThrough(send, state, group, at: sentAt) { break }
            states[group]?.quick.noteApproval(sentAt: sentAt)
            states[group]?.fast.noteApproval(sentAt: sentAt)
            states[group]?.slow.noteApproval(sentAt: sentAt)
        }
        usual[send.apiKeyID]?.noteApproval()
        trust(send.phone)
    }

    /// A phone on which a code was entered.
    package mutating func trust(_ phone: String) {
        if trusted.count >= Self.trustedLimit { trusted.removeAll(keepingCapacity: true) }
        trusted.insert(phone.hashValue)
    }

    private mutating func isLetThrough(_ send: Send, _ state: State, _ group: Group, at moment: Timestamp) -> Bool {
        guard group.kind.isWide, let closing = state.closing, moment < closing.until else { return false }
        return trusted.contains(send.phone.hashValue) || seconds.isOne(send.phone, at: moment)
            || isInGoodStanding(send, at: moment)
    }

    private mutating func forgetGroups(at now: Timestamp) {
        regions.forget(at: now)
        states = states.filter { $0.value.closing.map { now < $0.until } ?? !$0.value.slow.isOver(at: now) }
    }

    /// The groups that are closed now, for whoever looks.
    package func closed(at now: Timestamp) -> [Closing] {
        states.values.compactMap { $0.closing }.filter { now < $0.until }
            .sorted { ($0.group.kind, $0.group.name) < ($1.group.kind, $1.group.name) }
    }
}

extension ConversionGuard.Closing {
    /// One English sentence with the numbers of the rule, and without a whole phone.
    package var sentence: String {
        let whom =
            switch group.kind {
            case .network: "from the network \(group.name)"
            case .block: "to the numbers +\(group.name)****"
            case .operator: "to the operator \(group.name)"
            case .key: "of this API key"
            }
        let percent = Int((usual * 100).rounded())
        return "Of \(figures.sent) codes \(whom) \(figures.approved) were entered, where \(percent) % is usual."
    }

    /// For the API.
    package func refusal(at now: Timestamp) -> SendRefusal {
        SendRefusal(.conversion, retryAfter: max(.seconds(1), (nextTry ?? until) - now), sentence)
    }
}
