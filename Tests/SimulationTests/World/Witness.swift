import EskizQueue
import EskizQueueTesting
import Synchronization

/// Writes down what happens in a world, from outside.
final class Witness: Sendable {
    private struct State {
        var history = DeliveryHistory()
        var lines: [String] = []
    }

    private let state = Mutex(State())
    private let time: SimulatedTime
    /// Whether every step is kept as a line for people.
    let isTracing: Bool

    init(time: SimulatedTime, isTracing: Bool) {
        self.time = time
        self.isTracing = isTracing
    }

    var history: DeliveryHistory { state.withLock { $0.history } }
    var lines: [String] { state.withLock { $0.lines } }

    func write(_ body: (inout DeliveryHistory) -> Void) { state.withLock { body(&$0.history) } }

    func trace(_ line: @autoclosure () -> String) {
        guard isTracing else { return }
        let text = "\(time.milliseconds) \(line())"
        state.withLock { $0.lines.append(text) }
    }

    func arrived(_ number: String, _ wire: Wire, _ arrival: DeliveryHistory.Arrival) {
        trace("\(wire.installation) wire \(number) \(arrival)")
        let now = time.milliseconds
        write { $0.arrived(.init(number, of: wire.installation), arrival, from: wire.process, at: now) }
    }
}
