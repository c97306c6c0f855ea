import Eskiz
package import Logging

extension MessageQueue {
    /// Looks whether the clock of the machine was set, and if so adopts its time and moves what waits with it.
    ///
    /// To be called before anything that is stored is compared with the time, and then from time to time: between two
    /// calls the queue goes by the time that it has.
    ///
    /// - Parameter logger: hears of a step.
    /// - Throws: `StoreError` if the store cannot be asked; then nothing has changed, and it is to be tried again.
    package func followClock(logger: Logger) async throws(StoreError) {
        // One at a time: a second one would take half of the first one's work for the whole.
        while !clockWatch.begin() {
            let next = clock.now().elapsed.addingClamped(Self.turn.nanoseconds)
            do { try await clock.sleep(untilElapsed: next) } catch { return }
        }
        defer { clockWatch.end() }
        try await readClock(logger: logger)
    }

    /// Adopts the time of the store before anything is accepted or judged late.
    ///
    /// Where gateways share a store this is tried until it succeeds: one whose clock is hours off would accept messages for hours
    /// later, or let them expire at once. Alone, the services try again what fails here.
    ///
    /// - Parameter logger: hears of a step.
    /// - Throws: `CancellationError`.
    package func adoptTime(logger: Logger) async throws {
        while true {
            do throws(StoreError) {
                return try await followClock(logger: logger)
            } catch {
                guard store.fleet != nil else { return }
            }
            try await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(Self.adoptionPause.nanoseconds))
        }
    }

    private static let adoptionPause: Duration = .milliseconds(500)

    /// How far the machine's clock is ahead of the queue's.
    ///
    /// Alone they are one, but for a step that has not been followed yet. In a fleet the queue goes by the database's, and the
    /// machine's may be hours off: what is known of Eskiz's clock is known by the machine's.
    var machineLead: Duration {
        store.fleet == nil ? .zero : clock.machineLine.distance(from: clock.line)
    }

    /// Whether stored moments that were read just now go by a line.
    ///
    /// - Parameter line: the line from before they were read.
    /// - Returns: false if they, or some of them, may go by another one.
    func areMoments(by line: ClockLine) -> Bool {
        !clockWatch.isMoving && ClockStep.between(line, and: clock.line) == nil
    }

    private static let turn: Duration = .milliseconds(10)

    private func readClock(logger: Logger) async throws(StoreError) {
        if let common = try await store.commonTime() {
            let wall = common.milliseconds.multipliedClamped(by: 1_000_000)
            clock.adopt(ClockLine(offset: wall.subtractingClamped(clock.now().elapsed)))
            clockWatch.isKnown(as: nil, at: clock.now().elapsed)
            return
        }
        let known: ClockAnchor?
        let step: Duration?
        switch clockWatch.anchor {
        case .known(let anchor):
            known = anchor
            step = ClockStep.between(clock.line, and: clock.machineLine)
        case .unread:
            let anchor = try await store.clockAnchor()
            let machine = clock.machineLine
            let elapsed = clock.now().elapsed
            let now = Instant(wall: elapsed.addingClamped(machine.offset), elapsed: elapsed)
            known = anchor
            step = ClockStep.since(anchor, now: now, boot: configuration.boot)
        }
        try await follow(step, from: known, logger: logger)
    }

    private func follow(_ step: Duration?, from known: ClockAnchor?, logger: Logger) async throws(StoreError) {
        let isFirst = clockWatch.anchor == .unread
        clockWatch.isMoving = step != nil
        defer { clockWatch.isMoving = false }
        // Small differences are followed without a word.
        let line = clock.machineLine
        let former = clock.adopt(line)
        let anchor = ClockAnchor(boot: configuration.boot, line: line, seenAt: clock.timestamp)
        guard step != nil || isFirst || clockWatch.isStale(at: clock.now().elapsed) else { return }
        var isOurs = false
        do {
            // Nothing may come between the adoption and this: what is stored from now on goes by the new time.
            isOurs = try await store.moveMoments(by: step ?? .zero, from: known, to: anchor)
            clockWatch.isKnown(as: isOurs ? anchor : try await store.clockAnchor(), at: clock.now().elapsed)
        } catch {
            // Moments and time belong together: both stay as they were, unless it was written all the same.
            guard let noted = try? await store.clockAnchor(), noted == anchor else {
                clock.adopt(former)
                throw error
            }
            isOurs = true
            clockWatch.isKnown(as: anchor, at: clock.now().elapsed)
        }
        if let step, isOurs { tellStep(step, logger: logger) }
    }

    private func tellStep(_ step: Duration, logger: Logger) {
        clockWatch.stepped(by: step, at: clock.now().elapsed)
        events.metrics?.clockStepped(step)
        logger.warning(
            "The clock of this machine was set; what waits keeps its waiting times",
            metadata: [QueueLogKeys.clockStep: "\(step.seconds)"]
        )
        // Other moments are due now than a moment ago.
        work.ring()
        webhooks.ring()
    }
}

extension Duration {
    /// For people and metrics.
    package var seconds: Double { Double(wholeMilliseconds) / 1_000 }
}
