import Eskiz
import EskizQueue
import Testing

struct PollScheduleTests {
    /// The moments at which somebody who always comes a little late asks, in seconds after the submission.
    private func moments(hasCallbacks: Bool, limit: Int) -> [Int64] {
        let schedule = PollSchedule(hasCallbacks: hasCallbacks, configuration: QueueConfiguration(owner: "a"))
        var now = start
        var moments: [Int64] = []
        while moments.count < limit, let next = schedule.next(submittedAt: start, at: now) {
            #expect(next > now)
            moments.append((next - start).components.seconds)
            now = next + .milliseconds(10)
        }
        return moments
    }

    @Test func `without callbacks it asks soon, then ever more rarely, for three days`() {
        let moments = moments(hasCallbacks: false, limit: 10_000)
        #expect(moments.prefix(6) == [3, 8, 18, 38, 78, 158])
        let pauses = zip(moments.dropFirst(), moments).map { $0 - $1 }
        #expect(pauses.max() == 900)
        #expect(moments.last.map { $0 <= 72 * 3600 && $0 > 72 * 3600 - 900 } == true)
    }

    @Test func `with callbacks it asks for what Eskiz forgot`() {
        let moments = moments(hasCallbacks: true, limit: 10_000)
        #expect(moments.prefix(4) == [60, 180, 420, 900])
        #expect(moments.count < 25)
        #expect(moments.last.map { $0 <= 72 * 3600 } == true)
    }

    @Test func `few are asked for one by one`() {
        let messages = (1...20).map { sampleMessage($0, providerID: "u-\($0)", submittedAt: start) }
        let plan = PollPlan(messages)
        #expect(plan.single == messages && plan.groups.isEmpty)
    }

    @Test func `who does not know Eskiz's clock asks one by one, however many are due`() {
        let messages = (1...60).map { sampleMessage($0, providerID: "u-\($0)", submittedAt: start) }
        let plan = PollPlan(messages, isListUsable: false)
        #expect(plan.single == messages && plan.groups.isEmpty)
    }

    @Test func `messages of a batch, or without an id of Eskiz's, are looked for in the list`() {
        let batch = Message.BatchReference(id: MessageID(1), dispatchID: 5)
        let messages = [
            sampleMessage(1, batch: batch, providerID: "u", submittedAt: start), sampleMessage(2, submittedAt: start),
            sampleMessage(3, providerID: "v", submittedAt: start),
        ]
        let plan = PollPlan(messages)
        #expect(plan.single.map(\.id) == [MessageID(3)])
        #expect(plan.groups.map { $0.map(\.id) } == [[MessageID(1), MessageID(2)]])
    }

    @Test func `a message abroad is asked for by its id, however many are due: the list lacks our number`() {
        let crowd = (1...60).map { sampleMessage($0, providerID: "u-\($0)", submittedAt: start) }
        let abroad = sampleMessage(99, phone: "77011234567", providerID: "u-99", submittedAt: start)
        let plan = PollPlan(crowd + [abroad])
        #expect(plan.single == [abroad])
        #expect(plan.groups.flatMap { $0 }.count == 60)
    }

    @Test func `many are looked for together with those of the same time, and stragglers alone`() {
        let crowd = (1...60).map {
            sampleMessage($0, providerID: "u-\($0)", submittedAt: start + .seconds(($0 % 2) * 3600))
        }
        let straggler = sampleMessage(99, providerID: "u-99", submittedAt: start - .seconds(50_000))
        let plan = PollPlan(crowd + [straggler])
        #expect(plan.groups.map(\.count) == [30, 30])
        #expect(plan.single == [straggler])
        for group in plan.groups {
            let times = group.compactMap(\.submittedAt)
            #expect((times.max() ?? start) - (times.min() ?? start) <= PollPlan.groupSpan)
        }
    }
}
