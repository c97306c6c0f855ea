import Eskiz
import EskizQueue
import Testing

struct ClockStepTests {
    private let noon = Instant(wall: start.milliseconds * 1_000_000, elapsed: 5_000_000_000)

    private func line(_ instant: Instant, moved: Duration = .zero) -> ClockLine {
        ClockLine(offset: instant.wall - instant.elapsed).moved(by: moved)
    }

    @Test(arguments: [
        (Duration.zero, Duration?.none), (.milliseconds(999), nil), (.milliseconds(-999), nil),
        (.seconds(1), .seconds(1)), (.seconds(-1), .seconds(-1)), (.seconds(300), .seconds(300)),
        (.seconds(-600), .seconds(-600)), (.seconds(5 * 3_600), .seconds(5 * 3_600)),
    ])
    func `a difference of a second is a step, less is none`(_ moved: Duration, _ step: Duration?) {
        #expect(ClockStep.between(line(noon), and: line(noon, moved: moved)) == step)
    }

    @Test(arguments: [Duration.seconds(300), .seconds(-600), .seconds(86_400)])
    func `within one boot a step between two processes is known exactly`(_ moved: Duration) {
        let seen = ClockAnchor(boot: "b", line: line(noon), seenAt: start)
        var now = noon.advanced(by: Duration.seconds(3_600).nanoseconds)
        #expect(ClockStep.since(seen, now: now, boot: "b") == nil)
        now.wall += moved.nanoseconds
        #expect(ClockStep.since(seen, now: now, boot: "b") == moved)
    }

    @Test(arguments: [String?.some("other"), nil])
    func `after another boot only a clock that is behind is a step`(_ boot: String?) {
        let seen = ClockAnchor(boot: boot == nil ? nil : "b", line: line(noon), seenAt: start)
        let earlier = Instant(wall: noon.wall - 5_000_000_000, elapsed: 1)
        #expect(ClockStep.since(seen, now: earlier, boot: boot) == .seconds(-5))
        let later = Instant(wall: noon.wall + 86_400_000_000_000, elapsed: 1)
        #expect(ClockStep.since(seen, now: later, boot: boot) == nil)
        #expect(ClockStep.since(nil, now: earlier, boot: boot) == nil)
    }

    @Test func `a steady clock goes on when the machine's is set, until it adopts the new time`() {
        let machine = VirtualTime()
        let clock = SteadyClock(machine)
        let before = clock.timestamp
        machine.setClock(forward: .seconds(300))
        #expect(clock.timestamp == before)
        let line = clock.line
        clock.adopt(clock.machineLine)
        #expect(clock.timestamp == before + .seconds(300))
        #expect(clock.timestamp(on: line) == before)
        #expect(clock.shift(since: line) == .seconds(300))
        #expect(Timestamp(machine.now()) == clock.timestamp)
    }
}
