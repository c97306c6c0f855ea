import Eskiz
import EskizQueue

/// Everything that happens in a world, drawn from its seed before it begins.
struct WorldPlan: Sendable {
    /// Somebody sends.
    struct Step: Sendable {
        /// Milliseconds of the world.
        var moment: Int64
        var lane: Lane
        var count: Int
        var isBatch: Bool
        var life: Duration?
        var delay: Duration?
        var purpose: String?
        var phone: String
        var text: String
        var webhook: String?
        var isCancelled: Bool
    }

    /// A process ends.
    struct Ending: Sendable {
        var moment: Int64
        /// Milliseconds until the next one starts.
        var pause: Int64
        /// It is asked to stop and lets what is under way end; otherwise it is killed.
        var isGraceful: Bool

        /// The next one starts at once, while this one lets end what is under way.
        ///
        /// That is what a supervisor does that does not wait. Where the store is a file, the file is locked and it has to.
        var overlaps: Bool { isGraceful && pause.isMultiple(of: 2) }
    }

    /// One more gateway on the store of an installation.
    struct Companion: Sendable {
        var clockOffset: Duration = .zero
        var endings: [Ending] = []
        /// What is wrong with its way to the database.
        var disk: [Disk.Fault] = []
    }

    /// One gateway with its store, or several that share it.
    struct Installation: Sendable {
        var companions: [Companion] = []
        /// Milliseconds of the world from which on the next claim is the last thing that the common database does before it crashes.
        var crashes: [Int64] = []
        var clockOffset: Duration = .zero
        var clockDrift: Int64 = 0
        var clockSteps: [(at: Int64, by: Duration)] = []
        var endings: [Ending] = []
        var disk: [Disk.Fault] = []
        var steps: [Step] = []
        var rateLimit: Double?
        var concurrency = 8
        /// How long a process may keep what it has claimed without saying that it still lives.
        var lease: Duration?
        var hasCallbacks = true
        var retention: Duration?
        /// Milliseconds of the world between which receivers of webhooks do not answer.
        var deaf: Range<Int64> = 0..<0
        var isOnDisk = false
    }

    var seed: UInt64
    /// What is arranged in it, if anything.
    var situation: Situation?
    var provider = ProviderPlan()
    var installations: [Installation] = []
    var settleTime: Duration = .seconds(5)
    var timeout: Duration = .seconds(10)
    /// From then on nothing goes wrong any more, but clocks stay as they are.
    var calm: Int64 = 0
    /// Some more messages are sent then: nothing may hold them up.
    var probe: Int64 { calm + 45_000 }
    /// By then everything has come to its end; where logins are put off, nobody can ask Eskiz for a quarter of an hour.
    var end: Int64 { calm + (provider.loginThrottled.isEmpty && provider.takesNoToken.isEmpty ? 900_000 : 2_400_000) }

    /// What stands in the way of messages, by the plan.
    func impediments(of installation: Installation) -> [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        if !provider.weather.isFair, !provider.trouble.isEmpty {
            // Where tokens are refused as soon as they are issued, the keeper waits longer and longer.
            let tail: Int64 = provider.weather.unauthorized > 0 ? 300_000 : 40_000
            ranges.append(provider.trouble.lowerBound..<provider.trouble.upperBound + tail)
        }
        // What a gateway of several had in hand waits for its lease.
        let lease = installation.companions.isEmpty ? 0 : 2 * (installation.lease ?? .zero).wholeMilliseconds
        for ending in installation.endings + installation.companions.flatMap(\.endings) {
            let grace: Int64 = ending.isGraceful ? 25_000 : 0
            ranges.append(ending.moment..<ending.moment + grace + ending.pause + 4_000 + lease)
        }
        for fault in installation.disk + installation.companions.flatMap(\.disk) {
            ranges.append(fault.range.lowerBound..<fault.range.upperBound + 15_000 + lease)
        }
        for moment in provider.revocations {
            ranges.append(moment..<moment + 15_000 + provider.tokenLag.wholeMilliseconds)
        }
        // A login that is put off is put off for up to a quarter of an hour, and so is the next one after tokens that were
        // refused as soon as they were issued.
        if !provider.loginThrottled.isEmpty || !provider.takesNoToken.isEmpty {
            let start = min(
                provider.loginThrottled.isEmpty ? .max : provider.loginThrottled.lowerBound,
                provider.takesNoToken.isEmpty ? .max : provider.takesNoToken.lowerBound
            )
            ranges.append(start..<start + 1_200_000)
        }
        return ranges
    }
}
