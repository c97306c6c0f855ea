import EskizQueue
import Testing

@testable import EskizVerify

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A simulated attack on a gateway with ordinary users, in seconds, with seeds.
///
/// `VERIFY_TABLE=1` prints the table of docs/verify.md: whole hours, and three seeds of each. Without it an attack lasts a quarter of
/// an hour, and there is one seed.
struct PumpingTests {
    private static let isLong = ProcessInfo.processInfo.environment["VERIFY_TABLE"] != nil
    private static let seeds: [UInt64] = isLong ? [1, 2, 3] : [1]

    struct Attack: Sendable, CustomTestStringConvertible {
        var name: String
        /// Codes a second that the attacker asks for.
        var rate: Double
        /// Blocks of numbers and addresses that it has.
        var blocks: Int
        var networks: Int
        var minutes: Int
        /// Its addresses are among those of the users' own providers.
        var isLocal = false
        /// The application does not say from where a code is asked for.
        var isBlind = false
        /// Whether it tries again what is refused.
        var triesAgain = false
        /// How many ordinary users are refused at most, in percent; nil for an attack that takes them with it.
        var refused: Double? = 1
        var testDescription: String { name }
    }

    struct Outcome: Sendable {
        var secondsToClosing: Int?
        var sentBeforeClosing = 0
        var pumped = 0
        var wanted = 0
        var users = 0
        /// At their first try.
        var usersDelayed = 0
        var usersRefused = 0

        /// In percent, with one digit.
        func percent(_ count: Int) -> Double { (Double(count) * 1_000 / Double(max(1, users))).rounded() / 10 }
    }

    static let attacks = [
        Attack(name: "fast, one block", rate: 10, blocks: 1, networks: 500, minutes: 60),
        Attack(name: "slow, one block", rate: 0.05, blocks: 1, networks: 500, minutes: 360),
        Attack(name: "fast, one address", rate: 10, blocks: 2_000, networks: 1, minutes: 60),
        Attack(name: "fast, twenty blocks", rate: 10, blocks: 20, networks: 2_000, minutes: 60),
        Attack(
            name: "fast, over all prefixes, foreign addresses",
            rate: 10,
            blocks: 8_000,
            networks: 100_000,
            minutes: 60
        ),
        Attack(
            name: "fast, over all prefixes and the users' providers",
            rate: 10,
            blocks: 8_000,
            networks: 100_000,
            minutes: 60,
            isLocal: true,
            refused: 30
        ),
        Attack(
            name: "fast, twenty blocks, no client_ip",
            rate: 10,
            blocks: 20,
            networks: 1,
            minutes: 60,
            isBlind: true
        ),
        Attack(
            name: "fast, over all prefixes, no client_ip",
            rate: 10,
            blocks: 8_000,
            networks: 1,
            minutes: 60,
            isBlind: true,
            refused: 30
        ),
        Attack(
            name: "fast, over all prefixes, no client_ip, tries again",
            rate: 10,
            blocks: 8_000,
            networks: 1,
            minutes: 60,
            isBlind: true,
            triesAgain: true,
            refused: nil
        ),
    ].map { attack in
        var attack = attack
        if !isLong { attack.minutes /= 4 }
        return attack
    }

    /// Ordinary users ask for a code a second all the time; of ten, seven or eight enter it, 5 to 40 s later.
    ///
    /// Of ten who are refused, eight ask again after half a minute to a minute and a half.
    static func play(_ attack: Attack, usersPerSecond: Double = 1, seed: UInt64) -> Outcome {
        var random = Seeded(state: seed)
        var guarding = ConversionGuard()
        var outcome = Outcome()
        var approvals: [Int: [(ConversionGuard.Send, Timestamp)]] = [:]
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        let warmUp = isLong ? 1_800 : 900
        var again: [Int: [(send: ConversionGuard.Send, isUser: Bool)]] = [:]
        func count(_ rate: Double) -> Int {
            Int(rate) + (Double.random(in: 0..<1, using: &random) < rate - rate.rounded(.down) ? 1 : 0)
        }
        func ask(_ send: ConversionGuard.Send, converts: Double, at second: Int) -> Bool {
            let now = start + .seconds(second) + .milliseconds(Int.random(in: 0..<900, using: &random))
            guard guarding.refusal(of: send, at: now) == nil else { return false }
            guarding.noteSend(send, at: now)
            if Double.random(in: 0..<1, using: &random) < converts {
                approvals[second + Int.random(in: 5...40, using: &random), default: []].append((send, now))
            }
            return true
        }
        // Six providers.
        func local() -> String {
            let (region, rest) = (Int.random(in: 0..<6, using: &random), Int.random(in: 0..<65_536, using: &random))
            return "198.\(50 + region).\(rest / 256).\(rest % 256)"
        }
        // A hundred data centres abroad.
        func foreign() -> String {
            let place = Int.random(in: 0..<attack.networks, using: &random)
            return "203.\(place % 100).\(place / 100 / 256).\(place / 100 % 256)"
        }
        let operators = [90, 91, 93, 94, 97, 88, 99, 77, 33, 50]
        for second in 0..<(warmUp + attack.minutes * 60) {
            for (send, sentAt) in approvals.removeValue(forKey: second) ?? [] {
                guarding.noteApproval(of: send, sentAt: sentAt)
            }
            for _ in 0..<count(usersPerSecond) {
                // Everywhere, half of them people who were here before.
                let code = operators.randomElement(using: &random) ?? 90
                let number = Int.random(in: 0..<60_000, using: &random)
                let send = ConversionGuard.Send(
                    phone: "998\(code)\(1_000_000 + number * 97)",
                    apiKeyID: "k_1",
                    network: attack.isBlind ? nil : local()
                )
                let isSent = ask(send, converts: 0.75, at: second)
                guard second >= warmUp else { continue }
                outcome.users += 1
                guard !isSent else { continue }
                outcome.usersDelayed += 1
                if Double.random(in: 0..<1, using: &random) < 0.8 {
                    again[second + Int.random(in: 30...90, using: &random), default: []].append((send, true))
                } else {
                    outcome.usersRefused += 1
                }
            }
            for (send, isUser) in again.removeValue(forKey: second) ?? [] {
                let isSent = ask(send, converts: isUser ? 0.75 : 0.03, at: second)
                if isUser, !isSent { outcome.usersRefused += 1 }
                if !isUser, isSent { outcome.pumped += 1 }
            }
            guard second >= warmUp else { continue }
            for _ in 0..<count(attack.rate) {
                let block = Int.random(in: 0..<attack.blocks, using: &random)
                let send = ConversionGuard.Send(
                    phone:
                        "998\(operators[block % 10])\(200 + block / 10 % 800)\(1_000 + Int.random(in: 0..<9_000, using: &random))",
                    apiKeyID: "k_1",
                    network: attack.isBlind ? nil : attack.isLocal ? local() : foreign()
                )
                outcome.wanted += 1
                if ask(send, converts: 0.03, at: second) {
                    outcome.pumped += 1
                    if outcome.secondsToClosing == nil { outcome.sentBeforeClosing += 1 }
                } else {
                    if attack.triesAgain { again[second + 30, default: []].append((send, false)) }
                    outcome.secondsToClosing = outcome.secondsToClosing ?? second - warmUp
                }
            }
        }
        return outcome
    }

    @Test(arguments: attacks, seeds)
    func `an attack is noticed`(_ attack: Attack, _ seed: UInt64) {
        let outcome = Self.play(attack, seed: seed)
        if ProcessInfo.processInfo.environment["VERIFY_TABLE"] != nil {
            let seconds = outcome.secondsToClosing.map(String.init) ?? "never"
            let sent = "\(outcome.sentBeforeClosing) | \(outcome.pumped) of \(outcome.wanted)"
            let refused = "\(outcome.percent(outcome.usersDelayed)) % | \(outcome.percent(outcome.usersRefused)) %"
            print("| \(attack.name) | \(seed) | \(seconds) | \(sent) | \(refused) |")
        }
        #expect(outcome.sentBeforeClosing <= (attack.isLocal ? 400 : 300))
        let share = attack.rate < 10 ? 2 : Self.isLong ? 20 : 10
        #expect(outcome.pumped * share <= outcome.wanted)
        if let refused = attack.refused { #expect(outcome.percent(outcome.usersRefused) <= refused) }
        if attack.rate >= 10 { #expect(outcome.secondsToClosing.map { $0 <= 60 } == true) }
    }

    @Test(arguments: seeds)
    func `nobody is refused while there is no attack`(_ seed: UInt64) {
        let calm = Attack(name: "none", rate: 0, blocks: 1, networks: 1, minutes: Self.isLong ? 600 : 60)
        #expect(Self.play(calm, seed: seed).usersDelayed == 0)
        // A sale: many users at once.
        let sale = Attack(name: "none", rate: 0, blocks: 1, networks: 1, minutes: Self.isLong ? 60 : 10)
        #expect(Self.play(sale, usersPerSecond: 8, seed: seed).usersDelayed == 0)
    }

    @Test func `a closing says its numbers and not the phone`() {
        var guarding = ConversionGuard()
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        var closing: ConversionGuard.Closing?
        for second in 0..<120 where closing == nil {
            let send = ConversionGuard.Send(phone: "99890123\(1_000 + second)", apiKeyID: "k_1", network: nil)
            closing = guarding.refusal(of: send, at: start + .seconds(second))
            if closing == nil { guarding.noteSend(send, at: start + .seconds(second)) }
        }
        let sentence = closing?.sentence ?? ""
        #expect(sentence.contains("+99890123****") && sentence.contains("0 were entered") && sentence.contains("70 %"))
        let closed = (closing?.until ?? start) - .seconds(600)
        #expect(closing.map { guarding.closed(at: closed + .seconds(10)).contains($0) } == true)
        // One a minute goes through.
        let later = ConversionGuard.Send(phone: "998901239999", apiKeyID: "k_1", network: nil)
        #expect(guarding.refusal(of: later, at: closed + .seconds(59)) != nil)
        #expect(guarding.refusal(of: later, at: closed + .seconds(60)) == nil)
        guarding.noteSend(later, at: closed + .seconds(60))
        #expect(guarding.refusal(of: later, at: closed + .seconds(61)) != nil)
        // Whoever has entered a code is let through.
        guarding.noteApproval(of: later, sentAt: closed + .seconds(60))
        #expect(guarding.refusal(of: later, at: closed + .seconds(62)) == nil)
    }

    @Test func `whoever is refused because of everybody else is let through at the second try`() {
        var guarding = ConversionGuard()
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        func send(_ number: Int) -> ConversionGuard.Send {
            ConversionGuard.Send(phone: "99890\(1_000_000 + number * 11_003)", apiKeyID: "k_1", network: nil)
        }
        /// The operator is closed by codes that nobody enters.
        var second = 0
        while guarding.refusal(of: send(second), at: start + .seconds(second)) == nil, second < 600 {
            guarding.noteSend(send(second), at: start + .seconds(second))
            second += 1
        }
        let user = ConversionGuard.Send(phone: "998905550000", apiKeyID: "k_1", network: nil)
        let closed = start + .seconds(second)
        let first = guarding.refusal(of: user, at: closed + .seconds(1))
        #expect(first?.nextTry == closed + .seconds(31))
        #expect(first?.refusal(at: closed + .seconds(1)).retryAfter == .seconds(30))
        // At once is the same try.
        #expect(guarding.refusal(of: user, at: closed + .seconds(2)) != nil)
        var external = user
        external.isCounted = false
        #expect(guarding.refusal(of: external, at: closed + .seconds(31)) != nil)
        #expect(guarding.refusal(of: user, at: closed + .seconds(31)) == nil)
        // Second tries whose codes nobody enters are let through no longer.
        for number in 0..<40 {
            let asks = send(1_000 + number)
            _ = guarding.refusal(of: asks, at: closed + .seconds(32))
            if guarding.refusal(of: asks, at: closed + .seconds(60 + number)) == nil {
                guarding.noteSend(asks, at: closed + .seconds(60 + number))
            }
        }
        let late = ConversionGuard.Send(phone: "998905551111", apiKeyID: "k_1", network: nil)
        #expect(guarding.refusal(of: late, at: closed + .seconds(101))?.nextTry == nil)
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
