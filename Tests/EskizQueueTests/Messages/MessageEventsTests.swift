import Eskiz
import EskizQueue
import EskizText
import Synchronization
import Testing

/// Events that gateways of a fleet tell each other.
struct MessageEventsTests {
    private func message(_ id: Int64) -> Message {
        StoredMessage(
            NewMessage(
                lane: .bulk,
                phone: "998901234567",
                text: "Your order is ready",
                sender: "4546",
                segments: 1,
                encoding: .gsm7,
                apiKeyID: "k_1"
            ),
            id: MessageID(id),
            batch: nil,
            lastOfBatch: nil,
            at: Timestamp(milliseconds: 0)
        ).message
    }

    private final class Time: Sendable {
        let seconds = Mutex<Int64>(100)

        var now: Timestamp { Timestamp(milliseconds: seconds.withLock { $0 } * 1_000) }

        func set(_ second: Int64) { seconds.withLock { $0 = second } }
    }

    private func shared() -> (MessageEvents, Time) {
        let (events, time) = (MessageEvents(), Time())
        events.share { time.now }
        events.missed()
        return (events, time)
    }

    private func ids(_ events: [NumberedEvent]) -> [Int64] {
        events.compactMap { if case .message(let change) = $0.event { change.message.id.rawValue } else { nil } }
    }

    @Test func `what others have changed is told here, and not told on`() {
        let (events, _) = shared()
        events.publish([message(1), message(2)])
        events.publish([message(1)])
        events.publish(changedElsewhere: [message(3)])
        #expect(events.takeChanges() == [MessageID(1), MessageID(2)])
        #expect(events.takeChanges().isEmpty)
        #expect(ids(events.follow(after: 0, buffer: 1).missed) == [1, 2, 1, 3])
    }

    @Test func `one gateway alone keeps no list of what it would have to tell`() {
        let events = MessageEvents()
        events.publish([message(1)])
        #expect(events.takeChanges().isEmpty)
        #expect(events.follow(after: 0, buffer: 1).missed.allSatisfy { $0.at == nil })
    }

    @Test func `who comes from another gateway gets what has happened since, and rather twice than never`() {
        let (events, time) = shared()
        for second in Int64(110)...120 {
            time.set(second)
            events.publish([message(second)])
        }
        let following = events.follow(since: Timestamp(milliseconds: 118_000), buffer: 8)
        #expect(ids(following.missed) == [115, 116, 117, 118, 119, 120])
        #expect(following.isComplete)
    }

    @Test func `what this gateway has not seen it does not say to be all`() {
        let (events, time) = shared()
        #expect(!events.follow(since: Timestamp(milliseconds: 101_000), buffer: 8).isComplete, "it was not there yet")
        time.set(200)
        events.missed()
        time.set(210)
        #expect(!events.follow(since: Timestamp(milliseconds: 202_000), buffer: 8).isComplete)
        #expect(events.follow(since: Timestamp(milliseconds: 203_000), buffer: 8).isComplete)
    }

    @Test func `more than is kept is not all`() {
        let (events, time) = shared()
        time.set(200)
        for number in 0..<Int64(MessageEvents.recentLimit + 1) { events.publish([message(number + 1)]) }
        #expect(!events.follow(since: Timestamp(milliseconds: 200_000), buffer: 8).isComplete)
        time.set(210)
        events.publish([message(9_999)])
        #expect(!events.follow(since: Timestamp(milliseconds: 203_000), buffer: 8).isComplete)
        time.set(220)
        #expect(events.follow(since: Timestamp(milliseconds: 204_000), buffer: 8).missed.count == 1)
    }
}
