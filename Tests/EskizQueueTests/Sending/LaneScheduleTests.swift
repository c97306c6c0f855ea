import Eskiz
import EskizQueue
import Testing

struct LaneScheduleTests {
    /// Serves turns from backlogs as a store would, and says how much of each lane went.
    private func serve(
        _ turn: LaneSchedule.Turn,
        from backlog: inout [Lane: Int]
    ) -> [Lane: Int] {
        var taken: [Lane: Int] = [:]
        var left = turn.limit
        for share in turn.shares {
            let count = min(share.limit, left, backlog[share.lane, default: 0])
            taken[share.lane, default: 0] += count
            backlog[share.lane, default: 0] -= count
            left -= count
        }
        return taken
    }

    @Test func `codes may use every slot`() {
        var schedule = LaneSchedule(concurrency: 8, otpReserve: 0.25)
        let turn = schedule.next(.init(otpWaiting: 100))
        #expect(turn == .init(shares: [.init(.otp, 8)], limit: 8, scope: .codesFirst))
        #expect(schedule.next(.init(inFlight: [.otp: 8], otpWaiting: 100)) == nil)
    }

    @Test func `other lanes never get into the reserve, whatever is in flight and whatever is hinted`() {
        for concurrency in [1, 2, 3, 8, 96] {
            for reserve in [0, 0.25, 0.5, 1] {
                let allowed = max(1, concurrency - Int((Double(concurrency) * reserve).rounded(.up)))
                for codes in 0...concurrency where concurrency < 10 || codes.isMultiple(of: 12) {
                    for others in 0...(concurrency - codes) where concurrency < 10 || others.isMultiple(of: 6) {
                        guard others <= allowed else { continue }
                        for hint in [0, 1, 1_000] {
                            var schedule = LaneSchedule(concurrency: concurrency, otpReserve: reserve)
                            let supply = LaneSchedule.Supply(
                                inFlight: [.otp: codes, .transactional: others],
                                otpWaiting: hint
                            )
                            guard let turn = schedule.next(supply) else {
                                #expect(codes + others >= concurrency)
                                continue
                            }
                            // The worst case: no code waits, and the others without end.
                            var backlog: [Lane: Int] = [.transactional: 10_000, .bulk: 10_000]
                            let taken = serve(turn, from: &backlog)
                            #expect(others + taken[.transactional, default: 0] + taken[.bulk, default: 0] <= allowed)
                            #expect(turn.limit <= concurrency - codes - others)
                        }
                    }
                }
            }
        }
    }

    @Test func `with one slot there is no reserve, or nothing else would ever go`() {
        var schedule = LaneSchedule(concurrency: 1, otpReserve: 0.25)
        #expect(schedule.next(.init())?.shares.contains(.init(.transactional, 1)) == true)
    }

    @Test func `a wrong hint about codes keeps nobody waiting for more than a turn`() {
        var schedule = LaneSchedule(concurrency: 8, otpReserve: 0.25)
        #expect(schedule.next(.init(otpWaiting: 50))?.scope == .codesFirst)
        #expect(schedule.next(.init(otpWaiting: 0))?.scope == .allLanes)
    }

    @Test func `bulk moves however much transactional waits`() {
        var schedule = LaneSchedule(concurrency: 8, otpReserve: 0.25)
        var backlog: [Lane: Int] = [.transactional: 1_000_000, .bulk: 1_000_000]
        var served: [Lane: Int] = [:]
        var turnsWithoutBulk = 0
        for _ in 0..<1_000 {
            let turn = schedule.next(.init())
            let taken = turn.map { serve($0, from: &backlog) } ?? [:]
            turnsWithoutBulk = taken[.bulk, default: 0] > 0 ? 0 : turnsWithoutBulk + 1
            #expect(turnsWithoutBulk < LaneSchedule.bulkTurn)
            served.merge(taken) { $0 + $1 }
        }
        #expect(served[.bulk] == 600)
        #expect(served[.transactional] == 5_400)
    }

    @Test func `a backlog of other lanes never keeps a code from its slot`() {
        var schedule = LaneSchedule(concurrency: 96, otpReserve: 0.25)
        var backlog: [Lane: Int] = [.transactional: 100_000, .bulk: 100_000]
        var inFlight: [Lane: Int] = [:]
        // Fill up with what waits.
        while let turn = schedule.next(.init(inFlight: inFlight)) {
            let taken = serve(turn, from: &backlog)
            if taken.values.allSatisfy({ $0 == 0 }) { break }
            inFlight.merge(taken) { $0 + $1 }
        }
        #expect(inFlight[.transactional, default: 0] + inFlight[.bulk, default: 0] == 72)
        // 24 codes come at once: one turn takes them all.
        backlog[.otp] = 24
        let turn = schedule.next(.init(inFlight: inFlight, otpWaiting: 24))
        #expect(turn.map { serve($0, from: &backlog) }?[.otp] == 24)
    }

    @Test func `the last tokens are for codes`() {
        var schedule = LaneSchedule(concurrency: 96, otpReserve: 0.25)
        let turn = schedule.next(.init(tokens: 2, reservedTokens: 2))
        #expect(turn == .init(shares: [.init(.otp, 2)], limit: 2, scope: .codesOnly))
        #expect(schedule.next(.init(tokens: 0)) == nil)
        #expect(schedule.next(.init(tokens: 5, reservedTokens: 2))?.limit == 3)
    }

    @Test func `a lane that is held or in debt gets nothing, and the others what there is`() {
        var schedule = LaneSchedule(concurrency: 96, otpReserve: 0.25)
        let turn = schedule.next(.init(limits: [.bulk: 0]))
        #expect(turn?.shares == [.init(.otp, 72), .init(.transactional, 72)])
        #expect(turn?.scope == .someLanes)
        let codes = schedule.next(.init(limits: [.bulk: 0, .transactional: 0]))
        #expect(codes == .init(shares: [.init(.otp, 96)], limit: 96, scope: .codesOnly))
        let trial = schedule.next(.init(otpWaiting: 50, limits: [.otp: 1, .bulk: 0, .transactional: 0]))
        #expect(trial == .init(shares: [.init(.otp, 1)], limit: 1, scope: .codesOnly))
        #expect(schedule.next(.init(limits: [.otp: 0, .bulk: 0, .transactional: 0])) == nil)
        let others = schedule.next(.init(limits: [.otp: 0]))
        #expect(others?.shares == [.init(.transactional, 72), .init(.bulk, 72)])
    }
}
