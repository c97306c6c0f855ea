import Eskiz
import EskizTestSupport
import Testing

struct MessageStatusTests {
    static let spellings: [(String, MessageStatus)] = [
        ("waiting", .waiting), ("Waiting", .waiting), ("scheduled", .waiting), ("STORED", .stored), ("NEW", .new),
        ("ACCEPTED", .accepted), ("ACCEPTD", .accepted), ("TRANSMTD", .accepted), ("0", .accepted),
        ("ENROUTE", .enroute), ("UNKNOWN", .indefinite), ("PARTDELIVERED", .partDelivered),
        ("PARTDELIV", .partDelivered), ("DELIVERED", .delivered), ("DELIVRD", .delivered), ("DELIVER", .delivered),
        ("Delivered", .delivered), ("1", .delivered), ("UNDELIV", .undelivered), ("UNDELIVERABLE", .undelivered),
        ("UNDELIVRD", .undelivered), ("NotDelivered", .undelivered), ("Failed", .undelivered), ("-1", .undelivered),
        ("REJECTED", .rejected), ("REJECTD", .rejected), ("Rejected", .rejected), ("-2", .rejected),
        ("EXPIRED", .expired), ("Expired", .expired), ("-3", .expired), ("DELETED", .deleted),
    ]

    @Test(arguments: spellings)
    func `every known spelling is understood in any case`(text: String, status: MessageStatus) {
        for spelling in [text, text.lowercased(), text.uppercased(), " \(text) "] {
            #expect(MessageStatus(spelling) == status)
        }
    }

    @Test(arguments: ["", "SOMETHING_NEW", "2", "success"])
    func `an unknown word is kept and is not final`(text: String) {
        let status = MessageStatus(text)
        #expect(status == .unrecognized(text))
        #expect(!status.isFinal)
        #expect(status.description == text.lowercased())
    }

    @Test func `the ranks are those of the guide`() {
        let order: [[MessageStatus]] = [
            [.waiting], [.stored], [.new], [.accepted, .enroute, .indefinite], [.partDelivered],
            [.delivered, .undelivered, .expired, .rejected, .deleted],
        ]
        for (rank, statuses) in order.enumerated() {
            for status in statuses {
                #expect(status.rank == rank)
                #expect(status.isFinal == (rank == 5))
            }
        }
    }

    @Test func `a status never goes backwards, whatever comes in whatever order`() {
        let all = Self.spellings.map(\.1) + [.unrecognized("X")]
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            var known = MessageStatus.waiting
            for _ in 0..<8 {
                let next = known.updated(by: all[Int(random.next() % UInt64(all.count))])
                #expect(next.rank >= known.rank)
                if known.isFinal { #expect(next == known) }
                known = next
            }
        }
    }

    @Test func `statuses print as words`() {
        #expect("\(MessageStatus.waiting)" == "waiting")
        #expect("\(MessageStatus.partDelivered)" == "part_delivered")
        // What is printed is understood again.
        for status in Self.spellings.map(\.1) where status != .indefinite {
            #expect(MessageStatus(status.description) == status)
        }
    }
}
