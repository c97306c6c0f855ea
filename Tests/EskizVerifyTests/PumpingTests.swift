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
/// `VERIFY_TABLE=1` prints the table of docs/verify.md.
struct PumpingTests {
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
        var usersRefused = 0

        var share: Double { users == 0 ? 0 : Double(usersRefused) / Double(users) }
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
            refused: nil
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
            refused: nil
        ),
    ]

    /// Ordinary users ask for a code a second all the time; of ten, seven or eight enter it, 5 to 40 s later.
    static func play(_ attack: Attack, usersPerSecond: Double = 1, seed: UInt64) -> Outcome {
        var random = Seeded(state: seed)
        var guarding = ConversionGuard()
        var outcome = Outcome()
        var approvals: [Int: [(ConversionGuard.Send, Timestamp)]] = [:]
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        let warmUp = 1_800
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
                if !isSent { outcome.usersRefused += 1 }
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
                } else if outcome.secondsToClosing == nil {
                    outcome.secondsToClosing = second - warmUp
                }
            }
        }
        return outcome
    }

    @Test(arguments: attacks, [1, 2, 3] as [UInt64])
    func `an attack is noticed`(_ attack: Attack, _ seed: UInt64) {
        let outcome = Self.play(attack, seed: seed)
        if ProcessInfo.processInfo.environment["VERIFY_TABLE"] != nil {
            let seconds = outcome.secondsToClosing.map(String.init) ?? "never"
            let percent = (outcome.share * 1_000).rounded() / 10
            print(
                "| \(attack.name) | \(seed) | \(seconds) | \(outcome.sentBeforeClosing) | \(outcome.pumped) of \(outcome.wanted) | \(percent) % |"
            )
        }
        #expect(outcome.sentBeforeClosing <= (attack.isLocal ? 400 : 300))
        #expect(outcome.pumped * (attack.rate >= 10 ? 20 : 2) <= outcome.wanted)
        if let refused = attack.refused { #expect(outcome.share * 100 <= refused) }
        if attack.rate >= 10 { #expect(outcome.secondsToClosing.map { $0 <= 60 } == true) }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `nobody is refused while there is no attack`(_ seed: UInt64) {
        let calm = Attack(name: "none", rate: 0, blocks: 1, networks: 1, minutes: 600)
        #expect(Self.play(calm, seed: seed).usersRefused == 0)
        // A sale: many users at once.
        let sale = Attack(name: "none", rate: 0, blocks: 1, networks: 1, minutes: 60)
        #expect(Self.play(sale, usersPerSecond: 8, seed: seed).usersRefused == 0)
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
