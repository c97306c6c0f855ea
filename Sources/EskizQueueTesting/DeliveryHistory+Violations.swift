import EskizQueue

extension DeliveryHistory {
    /// A promise that was not kept.
    package struct Violation: Sendable, Hashable, CustomStringConvertible {
        package enum Promise: String, Sendable, Hashable, CaseIterable {
            /// What was accepted is kept, and what Eskiz is said to have it has.
            case lost
            case sentTwice = "sent twice"
            /// Not said to have failed, expired or been cancelled while Eskiz has it.
            case wronglyEnded = "wrongly ended"
            case repeatedBlindly = "repeated blindly"
            case tooManyRequests = "too many requests in one flight"
            case codeHeld = "code held"
            case expiredEarly = "expired early"
            case sentAfterEnd = "sent after its end"
            case unsettled
            case untold
            case counters
            case stranger
            /// The world did not come to its end.
            case stuck
        }

        package var promise: Promise
        package var key: Key?
        package var detail: String

        package init(_ promise: Promise, _ key: Key? = nil, _ detail: String = "") {
            self.promise = promise
            self.key = key
            self.detail = detail
        }

        package var description: String {
            let whose = key.map { " \($0.installation)/\($0.number)" } ?? ""
            return "\(promise.rawValue)\(whose)\(detail.isEmpty ? "" : ": \(detail)")"
        }
    }

    /// Every promise that was not kept, in the order of messages.
    package func violations() -> [Violation] {
        var found = strangerViolations()
        let sums = sums()
        let impeded = impediments.mapValues { ImpededTime($0) }
        var judged: Set<Group> = []
        for (key, record) in records.sorted(by: { $0.key < $1.key }) {
            judge(key, record, impeded[key.installation] ?? ImpededTime([]), &found)
            if judged.insert(record.group).inserted, let sum = sums[record.group] {
                judge(key, record.group, sum, &found)
            }
        }
        return found
    }

    private func strangerViolations() -> [Violation] {
        strangers.sorted().map { Violation(.stranger, $0, "a request with a number that was not given out") }
    }

    /// Messages of one group together.
    private struct Sum {
        var members = 0
        var takes = 0
        /// Of these it is said that Eskiz has them.
        var has = 0
        /// Nobody says of these that Eskiz does not have them.
        var open = 0
    }

    private func sums() -> [Group: Sum] {
        records.values.reduce(into: [:]) { sums, record in
            var sum = sums[record.group] ?? Sum()
            sum.members += 1
            sum.takes += record.takes
            switch record.end?.state {
            case .submitted, .delivered, .undelivered: sum.has += 1
            case .unknown, .scheduled, .queued, .sending, nil: sum.open += 1
            case .failed, .expired, .cancelled: break
            }
            sums[record.group] = sum
        }
    }

    private func judge(_ key: Key, _ group: Group, _ sum: Sum, _ found: inout [Violation]) {
        if sum.has > sum.takes {
            found.append(Violation(.lost, key, "Eskiz is said to have \(sum.has) and took \(sum.takes)"))
        }
        guard !liedAbout.contains(group) else { return }
        if sum.takes > sum.members {
            found.append(Violation(.sentTwice, key, "Eskiz took \(sum.takes) of \(sum.members)"))
        } else if sum.takes > sum.has + sum.open {
            found.append(Violation(.wronglyEnded, key, "Eskiz took it"))
        }
    }

    private func judge(_ key: Key, _ record: Record, _ impeded: ImpededTime, _ found: inout [Violation]) {
        func add(_ promise: Violation.Promise, _ detail: String = "") {
            found.append(Violation(promise, key, "\(record.lane.rawValue)\(detail.isEmpty ? "" : ", \(detail)")"))
        }
        if record.sentKnowingly { add(.sentTwice, "the gateway knew that Eskiz has it") }
        if record.unclear > limits.unclearRequests { add(.repeatedBlindly, "\(record.unclear) unclear requests") }
        if record.mostRequests > limits.requestsOfFlight { add(.tooManyRequests, "\(record.mostRequests)") }
        if let life = record.life {
            let end = record.keptAt + life
            if let last = record.lastArrival, last > end + limits.tolerance { add(.sentAfterEnd, "\(last - end) ms") }
            if limits.judgesEarlyEnds, let expired = record.expiredAt, expired < end - limits.tolerance,
                record.heldUntil.map({ $0 < end }) ?? true
            {
                add(.expiredEarly, "\(end - expired) ms")
            }
        }
        if record.lane == .otp {
            let longest = record.waits.map { ($0, impeded.unimpeded(in: $0)) }.max { $0.1 < $1.1 }
            if let (range, wait) = longest, wait > limits.codeWait {
                add(.codeHeld, "\(wait) ms from \(range.lowerBound)")
            }
        }
        if let end = record.end {
            judgeEnd(end, record, add)
        } else if record.isAcknowledged {
            judgeGone(record, add)
        }
    }

    /// It has been forgotten: after its end, and when everybody had been told.
    private func judgeGone(_ record: Record, _ add: (Violation.Promise, String) -> Void) {
        if let last = record.lastState, !last.isFinal { add(.lost, "gone after \(last.rawValue)") }
        if record.wantsWebhook, record.told.allSatisfy({ !$0.isFinal }) { add(.untold, "gone") }
    }

    private func judgeEnd(_ end: End, _ record: Record, _ add: (Violation.Promise, String) -> Void) {
        switch end.state {
        case .delivered, .undelivered, .failed, .expired, .cancelled: break
        case let state where !state.isFinal && record.dueAt > endedAt - limits.settlingTime:
            // Its time had hardly come.
            return
        case .submitted: if !record.mayStaySubmitted { add(.unsettled, "submitted") }
        case .unknown:
            if !end.isSettled { add(.unsettled, "unknown") }
            if record.knownAt != nil { add(.wronglyEnded, "the gateway was told that Eskiz has it") }
        case .scheduled, .queued, .sending: if record.heldUntil == nil { add(.unsettled, end.state.rawValue) }
        }
        guard record.wantsWebhook else { return }
        switch end.state {
        case .scheduled, .queued, .sending: break
        default: if !record.told.contains(end.state) { add(.untold, end.state.rawValue) }
        }
    }
}

/// How much of a span nothing stood in the way: sums over disjoint ranges, looked up by halving.
private struct ImpededTime {
    private var ranges: [Range<Int64>] = []
    /// The time of all ranges before each.
    private var before: [Int64] = []

    init(_ impediments: [Range<Int64>]) {
        for range in impediments.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
        var sum: Int64 = 0
        for range in ranges {
            before.append(sum)
            sum += range.upperBound - range.lowerBound
        }
    }

    func unimpeded(in span: Range<Int64>) -> Int64 {
        span.upperBound - span.lowerBound - (impeded(until: span.upperBound) - impeded(until: span.lowerBound))
    }

    private func impeded(until moment: Int64) -> Int64 {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].lowerBound < moment { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let range = ranges[low - 1]
        return before[low - 1] + min(moment, range.upperBound) - range.lowerBound
    }
}
