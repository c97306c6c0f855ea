package import Eskiz

/// By which clock the stored moments go: kept with them, so that a step is noticed even if nobody ran when it came.
package struct ClockAnchor: Sendable, Hashable {
    /// The boot of the machine, which the elapsed clock counts from; nil where the system does not name it.
    package var boot: String?
    package var line: ClockLine
    /// When this was noted, by that clock.
    package var seenAt: Timestamp

    package init(boot: String?, line: ClockLine, seenAt: Timestamp) {
        self.boot = boot
        self.line = line
        self.seenAt = seenAt
    }
}

/// Whether the clock was set, and by how much.
///
/// Pure.
package enum ClockStep {
    /// A smaller difference is no step: it harms nobody, and a clock that is kept by NTP makes some.
    package static let threshold: Duration = .seconds(1)

    /// What a running process sees: the machine's clock beside its own.
    ///
    /// - Returns: how far the clock was set; nil for not at all.
    package static func between(_ line: ClockLine, and machine: ClockLine) -> Duration? {
        significant(machine.distance(from: line))
    }

    /// What a process that starts can tell from what the last one left.
    ///
    /// Within one boot of the machine the elapsed clock has gone on, so the step is known exactly. After another boot it
    /// has not, and time that passed looks like a step forward: only that the clock is behind what was seen already is
    /// certainly one.
    ///
    /// - Returns: how far the clock was set since then, at least; nil for not at all, as far as can be told.
    package static func since(_ anchor: ClockAnchor?, now: Instant, boot: String?) -> Duration? {
        guard let anchor else { return nil }
        if let boot, anchor.boot == boot {
            return between(anchor.line, and: ClockLine(offset: now.wall.subtractingClamped(now.elapsed)))
        }
        let behind = Timestamp(now) - anchor.seenAt
        return behind < .zero ? significant(behind) : nil
    }

    private static func significant(_ step: Duration) -> Duration? {
        step >= threshold || step <= .zero - threshold ? step : nil
    }
}
