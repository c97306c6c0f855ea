extension Provider {
    /// Takes one step of a message's life and gives back the reports to post now.
    mutating func take(_ step: DeliveryStep, message id: Int, at now: WallTime) -> [CallbackJob] {
        guard messages.change(id, { $0.take(step, at: now) }) == true, let message = messages[id] else { return [] }
        guard message.callbackURL != nil else { return [] }
        let account = accounts.first { $0.id == message.accountID }?.email ?? ""
        func reports(of point: Behaviour.CallbackPoint) -> [CallbackJob] {
            var report = message.report(of: point, at: now, account: account, by: behaviour)
            report?.epoch = epoch
            return report.map { Array(repeating: $0, count: behaviour.callbackRepeat) } ?? []
        }
        switch behaviour.callbackOrder {
        case .inOrder: return reports(of: step.callbackPoint)
        case .reversed:
            // Held back until the end, then posted the wrong way round, far enough apart to arrive so.
            let isLast = step == (message.outcome.ending == nil ? .accept : .finish)
            guard isLast else { return [] }
            let points: [Behaviour.CallbackPoint] =
                step == .finish ? [.final, .accepted, .stored] : [.accepted, .stored]
            for (index, report) in points.flatMap(reports).enumerated() {
                schedule.add(.report(report), due: now + .milliseconds(20 * index))
            }
            return []
        }
    }

    /// Notes how a report was received, and schedules the next attempt where the policy wants one.
    mutating func reportAnswered(_ job: CallbackJob, status: Int?, note: String?, at real: WallTime) {
        guard job.epoch == epoch else { return }
        let now = now(real)
        ledger.callbacksSent += 1
        var entry = Ledger.Call(time: now, method: "POST", route: "callback", what: "callback \(job.status)")
        entry.status = status
        entry.account = job.account
        entry.id = job.fields.first { $0.0 == "request_id" }?.1
        entry.note = note ?? (job.attempt > 1 ? "attempt \(job.attempt)" : nil)
        let number = ledger.record(entry)
        ledger.keep(job.exchange(answeredWith: status), ofCall: number)
        if let status, (200..<300).contains(status) { return }
        guard let pause = CallbackRetryPolicy.pause(after: job.attempt, by: behaviour) else { return }
        var next = job
        next.attempt += 1
        schedule.add(.report(next), due: now + pause)
    }

    /// Notes a report that must not be posted, because its address is neither on this machine nor on a host that was named.
    mutating func reportRefused(_ job: CallbackJob, at real: WallTime) {
        guard job.epoch == epoch else { return }
        var entry = Ledger.Call(time: now(real), method: "POST", route: "callback", what: "callback \(job.status)")
        entry.account = job.account
        entry.id = job.fields.first { $0.0 == "request_id" }?.1
        entry.note = "not posted: the simulator only calls loopback addresses and the hosts of --callback-host"
        ledger.record(entry)
    }
}

extension DeliveryStep {
    var callbackPoint: Behaviour.CallbackPoint {
        switch self {
        case .store: .stored
        case .accept: .accepted
        case .finish: .final
        }
    }
}
