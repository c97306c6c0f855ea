import EskizQueue
import EskizQueueTesting
import Testing

/// A checker that finds nothing is worth nothing: each promise is broken once.
struct DeliveryHistoryTests {
    private typealias Promise = DeliveryHistory.Violation.Promise
    private let key = DeliveryHistory.Key("123")

    /// A message that was accepted at 1 s, and nothing more.
    private func history(
        _ lane: Lane = .transactional,
        life: Int64? = nil,
        webhook: Bool = false,
        _ change: (inout DeliveryHistory) -> Void
    ) -> Set<Promise> {
        var history = DeliveryHistory()
        let record = DeliveryHistory.Record(
            lane: lane,
            group: .init("phone|text"),
            keptAt: 1_000,
            dueAt: 1_000,
            life: life,
            wantsWebhook: webhook
        )
        history.kept(key, record)
        history.change(key) { $0.isAcknowledged = true }
        change(&history)
        history.ended(at: 100_000)
        return Set(history.violations().map(\.promise))
    }

    private func ends(_ history: inout DeliveryHistory, _ state: MessageState, isSettled: Bool = true) {
        history.entered(key, state, at: 3_000)
        history.change(key) { $0.end = .init(state: state, isSettled: isSettled) }
    }

    @Test func `a message that goes well breaks nothing`() {
        let found = history(.otp, life: 60_000, webhook: true) { history in
            history.began(key, at: 1_100)
            history.arrived(key, .taken, at: 1_100)
            ends(&history, .delivered)
            history.change(key) { $0.told = [.submitted, .delivered] }
        }
        #expect(found.isEmpty)
    }

    @Test func `what is gone, or said to be with Eskiz and is not, is lost`() {
        #expect(history { $0.entered(key, .submitted, at: 2_000) } == [.lost])
        #expect(history { ends(&$0, .delivered) } == [.lost])
        // Forgotten after its end.
        #expect(history { $0.entered(key, .failed, at: 2_000) }.isEmpty)
    }

    @Test func `two takes are one too many, unless the list lied`() {
        func twice(_ isLie: Bool) -> Set<Promise> {
            history { history in
                history.arrived(key, .unclear(isTaken: true), at: 1_100)
                history.arrived(key, .taken, at: 2_000)
                ends(&history, .delivered)
                if isLie { history.liedAbout = [.init("phone|text")] }
            }
        }
        #expect(twice(false) == [.sentTwice])
        #expect(twice(true).isEmpty)
    }

    @Test func `no lie excuses a message that is sent after its report, or after its answer to the same process`() {
        let reported = history { history in
            history.liedAbout = [.init("phone|text")]
            history.arrived(key, .unclear(isTaken: true), from: "a", at: 1_100)
            history.change(key) { $0.reportedAt = 1_500 }
            history.arrived(key, .taken, from: "a", at: 2_000)
            ends(&history, .delivered)
        }
        #expect(reported == [.sentTwice])
        let answered = history { history in
            history.liedAbout = [.init("phone|text")]
            history.arrived(key, .taken, from: "a", at: 1_100)
            history.change(key) { $0.answeredTo = "a" }
            history.arrived(key, .taken, from: "a", at: 2_000)
            ends(&history, .delivered)
        }
        #expect(answered == [.sentTwice])
    }

    @Test func `no lie excuses a flight that begins after the store was told that Eskiz has it`() {
        func again(begunAt begun: Int64) -> Set<Promise> {
            history { history in
                history.liedAbout = [.init("phone|text")]
                history.began(key, at: 1_100)
                history.arrived(key, .taken, from: "a", at: 1_100)
                history.learned(key, at: 5_000)
                history.began(key, at: begun)
                history.arrived(key, .taken, from: "b", at: 6_000)
                ends(&history, .delivered)
            }
        }
        #expect(again(begunAt: 5_500) == [.sentTwice])
        #expect(again(begunAt: 4_500).isEmpty)
        let forgotten = history { history in
            history.arrived(key, .taken, at: 1_100)
            history.learned(key, at: 5_000)
            ends(&history, .unknown)
        }
        #expect(forgotten == [.wronglyEnded])
    }

    @Test(arguments: [MessageState.failed, .expired, .cancelled])
    func `what Eskiz took has not failed`(_ state: MessageState) {
        let found = history { history in
            history.arrived(key, .unclear(isTaken: true), at: 1_100)
            ends(&history, state)
        }
        #expect(found == [.wronglyEnded])
    }

    @Test func `an unclear outcome is repeated once, and a flight makes three requests`() {
        let blind = history { history in
            for moment in [1_100, 2_000, 2_500] as [Int64] {
                history.arrived(key, .unclear(isTaken: false), at: moment)
            }
            ends(&history, .unknown)
        }
        #expect(blind == [.repeatedBlindly])
        let eager = history { history in
            history.began(key, at: 1_100)
            for moment in 0..<4 { history.arrived(key, .rejectedToken, at: 1_100 + Int64(moment)) }
            ends(&history, .failed)
        }
        #expect(eager == [.tooManyRequests])
        let twoFlights = history { history in
            for moment in 0..<6 {
                if moment.isMultiple(of: 3) { history.began(key, at: 1_100 + Int64(moment)) }
                history.arrived(key, .rejectedToken, at: 1_100 + Int64(moment))
            }
            ends(&history, .failed)
        }
        #expect(twoFlights.isEmpty)
    }

    @Test func `a code waits while something stands in its way, and not otherwise`() {
        func waits(_ impediments: [Range<Int64>]) -> Set<Promise> {
            history(.otp) { history in
                for range in impediments { history.impeded(range) }
                history.arrived(key, .taken, at: 31_000)
                ends(&history, .delivered)
            }
        }
        #expect(waits([]) == [.codeHeld])
        #expect(waits([2_000..<30_000]).isEmpty)
        #expect(waits([2_000..<12_000, 11_000..<15_000]) == [.codeHeld])
        #expect(waits([0..<16_000, 14_000..<28_000]).isEmpty)
    }

    @Test func `a message neither ends before its time nor leaves after it`() {
        #expect(history(life: 60_000) { ends(&$0, .expired) } == [.expiredEarly])
        let late = history(life: 60_000) { history in
            history.arrived(key, .taken, at: 63_000)
            ends(&history, .delivered)
        }
        #expect(late == [.sentAfterEnd])
    }

    @Test func `a pause that the provider asked for is nobody's delay`() {
        func waits(_ pause: Int64?) -> Set<Promise> {
            history(.otp) { history in
                history.arrived(key, .refused, at: 1_100)
                history.change(key) { $0.heldUntil = pause }
                history.entered(key, .queued, at: 1_200)
                history.arrived(key, .taken, at: 31_000)
                ends(&history, .delivered)
            }
        }
        #expect(waits(nil) == [.codeHeld])
        #expect(waits(30_000).isEmpty)
        #expect(waits(20_000) == [.codeHeld])
    }

    @Test func `what has a time of its own goes by the clock, whoever sets it`() {
        func sends(_ shift: Int64, at moment: Int64) -> Set<Promise> {
            history(.otp, life: 60_000) { history in
                history.clockMoved(key, by: shift, at: 1_000)
                history.arrived(key, .taken, at: moment)
                ends(&history, .delivered)
            }
        }
        #expect(sends(0, at: 1_100).isEmpty)
        #expect(sends(-90_000, at: 91_100).isEmpty)
        #expect(sends(0, at: 91_100) == [.codeHeld, .sentAfterEnd])
        #expect(sends(50_000, at: 14_100) == [.codeHeld, .sentAfterEnd])
        // Its time had not come when the watcher went.
        let waits = history { history in
            history.clockMoved(key, by: -90_000, at: 1_000)
            ends(&history, .scheduled, isSettled: false)
        }
        #expect(waits.isEmpty)
    }

    @Test(arguments: [MessageState.queued, .scheduled, .sending, .submitted, .unknown])
    func `what has no end is unsettled`(_ state: MessageState) {
        let found = history { history in
            history.arrived(key, .taken, at: 1_100)
            ends(&history, state, isSettled: false)
        }
        #expect(found.contains(.unsettled))
    }

    @Test func `whoever wants to hear is told of the end`() {
        let found = history(webhook: true) { history in
            history.arrived(key, .taken, at: 1_100)
            ends(&history, .delivered)
            history.change(key) { $0.told = [.submitted] }
        }
        #expect(found == [.untold])
        #expect(history(webhook: true) { $0.entered(key, .failed, at: 2_000) } == [.untold])
    }

    @Test func `a number that nobody gave out is a stranger`() {
        let found = history { history in
            history.arrived(.init("999"), .taken, at: 1_100)
            ends(&history, .failed)
        }
        #expect(found == [.stranger])
    }
}
