import Eskiz
import EskizQueue
import EskizQueueTesting
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Eskiz as the gateways of a world see it: an account, a ledger, a list, a clock of its own, and bad days.
///
/// What it takes it writes down whether or not anybody still listens: the ledger is the witness.
final class SimulatedProvider: Sendable {
    /// A message that was taken.
    struct Entry: Sendable {
        var installation: Int
        var number: String
        var phone: String
        var text: String
        var uuid: String
        /// Eskiz's own number of the row.
        var serial: Int
        /// Nanoseconds of the world.
        var arrivedAt: Int64
        var takenAt: Int64
        /// When it appears in the list.
        var listedAt: Int64
        var callbackURL: String?
        /// What is said of it, and when.
        var statuses: [(at: Int64, word: String)]

        func status(at now: Int64) -> String { statuses.last { $0.at <= now }?.word ?? "NEW" }
        var lastWord: String { statuses.last?.word ?? "NEW" }
    }

    /// A report on its way to a gateway.
    struct Letter: Sendable {
        var due: Int64
        var installation: Int
        var body: String
        /// What it is about, if it is true.
        var number: String?
        /// How often it was posted in vain.
        var tries = 0
    }

    struct State {
        var random: SplitMix64
        var ledger: [Entry] = []
        /// By UUID.
        var byUUID: [String: Int] = [:]
        var letters: [Letter] = []
        var foreign: [Entry] = []
        var tokens: [(text: String, knownAt: Int64)] = []
        var nextToken = 0
        var nextUUID = 0
        var nextSerial = 90_000_000
        var isHealed = false
        /// Groups about which the list did not say the truth to somebody who asked.
        var liedAbout: Set<String> = []
    }

    let time: SimulatedTime
    let clock: WallClock
    let plan: ProviderPlan
    let witness: Witness
    let state: Mutex<State>
    /// Rings when there is a report to bring.
    let bell = WakeSignal()
    /// How late an honest list may be, and how long a request may be under way.
    let honestLag: Duration
    let requestTimeout: Duration

    init(
        time: SimulatedTime,
        plan: ProviderPlan,
        seed: UInt64,
        witness: Witness,
        honestLag: Duration,
        requestTimeout: Duration
    ) {
        self.time = time
        self.plan = plan
        self.witness = witness
        self.honestLag = honestLag
        self.requestTimeout = requestTimeout
        clock = WallClock(time, offset: plan.clockOffset, drift: plan.clockDrift)
        state = Mutex(State(random: SplitMix64(seed: seed)))
    }

    /// From now on it does everything right but its clock.
    func heal() { state.withLock { $0.isHealed = true } }

    var ledger: [Entry] { state.withLock { $0.ledger } }
    var liedAbout: Set<String> { state.withLock { $0.liedAbout } }

    /// A message of somebody else's, under a number of ours.
    func addForeign(number: String, installation: Int, text: String?) {
        let now = time.now
        state.withLock { state in
            let entry = Entry(
                installation: -1,
                number: number,
                phone: "99890765" + String(1_000 + state.random.between(0, 8_999)),
                text: text ?? "Boshqa xabar",
                uuid: state.uuid(),
                serial: state.serial(),
                arrivedAt: now,
                takenAt: now,
                listedAt: now,
                callbackURL: nil,
                statuses: [(now, "DELIVRD")]
            )
            if plan.hasForeignRows { state.foreign.append(entry) }
            guard plan.hasForgedReports else { return }
            for _ in 0..<state.random.between(1, 2) {
                let due = now + state.random.milliseconds(0, 40_000).nanoseconds
                let body = Self.report(entry, "DELIVRD", at: clock.wall(at: due))
                state.letters.append(Letter(due: due, installation: installation, body: body))
            }
        }
        bell.ring()
    }

    /// Reports that are due, taken out, and when the next one is.
    func dueLetters() -> (due: [Letter], next: Int64?) {
        let now = time.now
        return state.withLock { state in
            var (due, rest): ([Letter], [Letter]) = ([], [])
            for letter in state.letters {
                if letter.due <= now { due.append(letter) } else { rest.append(letter) }
            }
            if !due.isEmpty { state.letters = rest }
            return (due, rest.map(\.due).min())
        }
    }

    /// Returns at a moment, or when there is news.
    func waitForPost(until moment: Int64?) async {
        guard let moment else { return await bell.wait() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                await self.time.sleep(until: moment)
                if !Task.isCancelled { self.bell.ring() }
            }
            await bell.wait()
            group.cancelAll()
        }
    }

    /// Nobody took it: again later, a few times.
    func putBack(_ letter: Letter) {
        guard letter.tries < 4 else { return }
        var letter = letter
        letter.tries += 1
        letter.due = time.now + Duration.seconds(5 * letter.tries).nanoseconds
        state.withLock { $0.letters.append(letter) }
        bell.ring()
    }

    static func report(_ entry: Entry, _ word: String, at wall: Int64) -> String {
        """
        {"request_id":"\(entry.uuid)","message_id":"\(entry.serial)","user_sms_id":"\(entry.number)","country":"UZ",\
        "phone_number":"\(entry.phone)","sms_count":"1","status":"\(word)",\
        "status_date":"\(WireTime.seconds(Date(timeIntervalSince1970: Double(wall / 1_000_000_000))))"}
        """
    }

    static func group(_ phone: String, _ text: String) -> String { "\(phone)|\(text)" }
}

extension SimulatedProvider.State {
    mutating func serial() -> Int {
        nextSerial += 1
        return nextSerial
    }

    mutating func uuid() -> String {
        nextUUID += 1
        return "00000000-0000-4000-8000-" + String(1_000_000_000_000 + nextUUID).suffix(12)
    }
}
