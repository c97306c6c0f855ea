import Testing

@testable import EskizHTTP

@Suite struct ConnectionPhaseTests {
    private static let second: Int64 = 1_000_000_000
    private var phase = ConnectionPhase(.standard, at: 0)

    private func seconds(_ phase: ConnectionPhase) -> Int64? { phase.deadline.map { $0 / Self.second } }

    @Test func `a head has ten seconds from connecting`() {
        #expect(seconds(phase) == 10)
        #expect(!phase.isInRequest)
    }

    @Test func `half a head has ten seconds from its first byte, however it trickles`() {
        var phase = phase
        phase.receiveBytes(at: 3 * Self.second)
        phase.receiveBytes(at: 9 * Self.second)
        #expect(seconds(phase) == 13)
        #expect(phase.isInRequest)
    }

    @Test func `a body earns time by its bytes`() {
        var phase = phase
        phase.receiveHead(at: 0)
        #expect(seconds(phase) == 10)
        phase.receiveBody(5_000)
        #expect(seconds(phase) == 20)
        for _ in 0..<10 { phase.receiveBody(1) }
        #expect(seconds(phase) == 20)
    }

    @Test func `no rate is no rule`() {
        var phase = ConnectionPhase(ConnectionLimits(bodyRate: 0), at: 0)
        phase.receiveHead(at: 0)
        #expect(phase.deadline == nil)
    }

    @Test func `an answer may take as long as it likes`() {
        var phase = phase
        phase.receiveHead(at: 0)
        phase.receiveEnd(at: 0)
        #expect(phase.deadline == nil)
        phase.beginAnswer()
        #expect(phase.deadline == nil)
    }

    @Test func `after an answer silence has seventy-five seconds, and the next head ten`() {
        var phase = phase
        phase.receiveHead(at: 0)
        phase.receiveEnd(at: 0)
        phase.beginAnswer()
        phase.endAnswer(at: 5 * Self.second)
        #expect(seconds(phase) == 80)
        #expect(!phase.isInRequest)
        phase.receiveBytes(at: 30 * Self.second)
        #expect(seconds(phase) == 40)
    }

    @Test func `an early answer does not excuse the rest of the body`() {
        var phase = phase
        phase.receiveHead(at: 0)
        phase.beginAnswer()
        #expect(!phase.isInRequest)
        #expect(phase.deadline != nil)
    }

    @Test func `requests ahead wait for their answers`() {
        var phase = phase
        phase.receiveHead(at: 0)
        phase.receiveEnd(at: 0)
        phase.receiveHead(at: 0)
        #expect(phase.deadline == nil)
        phase.receiveEnd(at: 0)
        phase.endAnswer(at: 0)
        #expect(phase.deadline == nil)
        phase.endAnswer(at: Self.second)
        #expect(seconds(phase) == 76)
    }
}
