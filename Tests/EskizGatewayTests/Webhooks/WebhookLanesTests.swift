import EskizQueue
import Testing

@testable import EskizGateway

struct WebhookLanesTests {
    private static let limits = WebhookLanes.Limits(
        running: 6,
        runningPerHost: 2,
        waiting: 12,
        waitingPerHost: 5,
        waitingPerFailingHost: 1,
        patience: 3,
        remembered: 10,
        shortestLease: 10
    )
    private var lanes = WebhookLanes(limits: limits)

    private func delivery(_ id: Int64) -> WebhookDelivery {
        WebhookDelivery(
            id: id,
            messageID: MessageID(id),
            url: "",
            format: .standard,
            state: .delivered,
            createdAt: Timestamp(milliseconds: 0)
        )
    }

    private mutating func admit(_ ids: ClosedRange<Int64>, to host: String, leaseUntil: Int64 = 100) -> Int {
        ids.filter { lanes.admit(delivery($0), to: host, leaseUntil: leaseUntil) }.count
    }

    @Test mutating func `a receiver has no more places than its own`() {
        #expect(admit(1...9, to: "a") == 5)
        #expect(lanes.begin(at: 0).map(\.delivery.id) == [1, 2])
        #expect(lanes.begin(at: 0).isEmpty)
        #expect(admit(20...20, to: "b") == 1)
        #expect(lanes.begin(at: 0).map(\.host) == ["b"])
    }

    @Test mutating func `receivers take turns`() {
        _ = admit(1...3, to: "a")
        _ = admit(11...13, to: "b")
        _ = admit(21...23, to: "c")
        let starts = lanes.begin(at: 0)
        #expect(starts.map(\.host) == ["a", "b", "c", "a", "b", "c"])
        #expect(lanes.running == 6)
        #expect(lanes.waiting == 3)
        lanes.end(starts[1], didFail: false)
        #expect(lanes.begin(at: 0).map(\.delivery.id) == [13])
    }

    @Test mutating func `one that keeps failing is tried one at a time until it succeeds`() {
        _ = admit(1...5, to: "a")
        var starts = lanes.begin(at: 0)
        lanes.end(starts[0], didFail: true)
        lanes.end(starts[1], didFail: true)
        starts = lanes.begin(at: 0)
        #expect(starts.count == 2)
        lanes.end(starts[0], didFail: true)
        #expect(lanes.begin(at: 0).isEmpty)
        lanes.end(starts[1], didFail: true)
        starts = lanes.begin(at: 0)
        #expect(starts.map(\.delivery.id) == [5])
        #expect(admit(6...9, to: "a") == 1)
        lanes.end(starts[0], didFail: false)
        #expect(admit(10...12, to: "a") == 3)
        #expect(lanes.begin(at: 0).count == 2)
    }

    @Test mutating func `what has no time left is left to its lease`() {
        _ = admit(1...3, to: "a", leaseUntil: 20)
        #expect(lanes.begin(at: 5).count == 2)
        #expect(lanes.begin(at: 11).isEmpty)
        #expect(lanes.waiting == 0)
        // Offered again.
        #expect(admit(3...3, to: "a") == 1)
        #expect(lanes.waiting == 1)
    }

    @Test mutating func `what is here already is not taken twice`() {
        _ = admit(1...3, to: "a")
        #expect(lanes.begin(at: 0).count == 2)
        #expect(admit(1...3, to: "a") == 3)
        #expect(lanes.waiting == 1)
    }

    @Test mutating func `there is room for as many as may wait`() {
        #expect(lanes.room == 12)
        for host in ["a", "b", "c", "d"] {
            _ = admit(Int64(host.utf8.first ?? 0) * 10...Int64(host.utf8.first ?? 0) * 10 + 9, to: host)
        }
        #expect(lanes.waiting == 12)
        #expect(lanes.room == 0)
    }
}
