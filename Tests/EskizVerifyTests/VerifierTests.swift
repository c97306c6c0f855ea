import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import Testing

@testable import EskizVerify

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A million races take long on a busy machine.
private let minutes = ProcessInfo.processInfo.environment["VERIFY_RACES"] == nil ? 20 : 120

/// What a verifier promises however many ask at once.
///
/// `make verify` asks more often.
@Suite(.timeLimit(.minutes(minutes)))
struct VerifierTests {
    /// How many checks race in all: a million with `make verify`.
    private static let races = ProcessInfo.processInfo.environment["VERIFY_RACES"].flatMap { Int($0) } ?? 4_000
    /// How many samples the timing test takes; none unless it is asked for, because a busy machine is no clock.
    private static let samples = ProcessInfo.processInfo.environment["VERIFY_SAMPLES"].flatMap { Int($0) } ?? 0

    @Test(arguments: VerifierBench.Kind.allCases)
    func `of two hundred wrong codes at once exactly five are compared`(_ kind: VerifierBench.Kind) async throws {
        let bench = try await VerifierBench(kind)
        let id = try await bench.start("998901234567").verification.id
        let answers = try await withThrowingTaskGroup(of: Checked.self) { group in
            for _ in 0..<200 { group.addTask { try await bench.verifier.check(id, "00000") { _ in true } } }
            var all: [Checked] = []
            for try await answer in group { all.append(answer) }
            return all
        }
        #expect(bench.compared.value == 5)
        #expect(answers.allSatisfy { !$0.isValid })
        let verification = try await bench.verifier.find(id) { _ in true }
        #expect(verification.status(at: bench.clock.timestamp) == .exhausted)
        await bench.close()
    }

    @Test(arguments: VerifierBench.Kind.allCases)
    func `of fifty requests for one phone at once one sends`(_ kind: VerifierBench.Kind) async throws {
        let bench = try await VerifierBench(kind)
        let ids = try await withThrowingTaskGroup(of: Started.self) { group in
            for _ in 0..<50 { group.addTask { try await bench.start("998901234567") } }
            var all: [Started] = []
            for try await started in group { all.append(started) }
            return all
        }
        #expect(Set(ids.map(\.verification.id)).count == 1)
        #expect(ids.count { $0.isNew } == 1)
        #expect(bench.store.depth[.otp] == 1)
        await bench.close()
    }

    @Test func `however many right codes race, each verification is approved once`() async throws {
        let bench = try await VerifierBench(.sqlite) { configuration in
            configuration.limits.keyMinute = nil
            configuration.limits.totalMinute = nil
            configuration.limits.block = 1_000_000
        }
        let racers = 4
        let (rounds, together) = (Self.races / racers, 500)
        var approved = 0
        for first in stride(from: 0, to: rounds, by: together) {
            let numbers = first..<min(first + together, rounds)
            approved += try await withThrowingTaskGroup(of: Int.self) { group in
                for number in numbers {
                    group.addTask {
                        let started = try await bench.start("99890\(1_000_000 + number)")
                        let code = try await bench.code(of: started)
                        return try await withThrowingTaskGroup(of: Bool.self) { group in
                            for _ in 0..<racers {
                                group.addTask {
                                    try await bench.verifier.check(started.verification.id, code) { _ in true }.isValid
                                }
                            }
                            var valid = 0
                            for try await isValid in group where isValid { valid += 1 }
                            #expect(valid == 1, "number \(number)")
                            return valid
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
        }
        #expect(approved == rounds)
        await bench.close()
    }

    @Test func `a code of the older key is good until the key is gone`() async throws {
        let bench = try await VerifierBench()
        let started = try await bench.start("998901234567")
        let code = try await bench.code(of: started)
        let old = try await Verifier.keys(configured: nil, store: bench.store).current
        let new = try #require(CodeKey(bytes: Array(repeating: 9, count: 32)))
        func verifier(_ keys: CodeKeys) -> Verifier {
            Verifier(configuration: bench.verifier.configuration, queue: bench.queue, store: bench.store, keys: keys)
        }
        let gone = verifier(CodeKeys(current: new))
        #expect(try await gone.check(started.verification.id, code) { _ in true }.isValid == false)
        bench.clock.advance(by: .seconds(30))
        await #expect(throws: VerifyError.codeLost) { try await gone.resend(started.verification.id) { _ in true } }
        let both = verifier(CodeKeys(current: new, previous: old))
        let again = try await both.resend(started.verification.id) { _ in true }
        let message = try await bench.message(of: again)
        #expect(message.text?.contains(code) == true)
        #expect(try await both.check(started.verification.id, code) { _ in true }.isValid)
    }

    @Test func `the text of an SMS is that of the language, and is measured as a whole`() async throws {
        let templates = try CodeTemplates([
            CodeTemplate(
                name: "login",
                language: "uz",
                text: "Kod: {code}, {minutes} daqiqa",
                domain: "shop.example.uz"
            ),
            CodeTemplate(name: "login", language: "ru", text: "Код: {code}"),
        ])
        let bench = try await VerifierBench { $0.templates = templates }
        var request = VerificationRequest(phone: "998901234567", apiKeyID: "k_1")
        request.locale = "ru-RU"
        request.length = 4
        let started = try await bench.verifier.start(request)
        let message = try await bench.message(of: started.verification)
        #expect(message.encoding == .ucs2 && message.segments == 1)
        #expect(message.text?.wholeMatch(of: /Код: [0-9]{4}/) != nil)
        let other = try await bench.start("998907654321")
        let text = try #require(try await bench.message(of: other.verification).text)
        let pattern = try Regex(#"Kod: ([0-9]{6}), 5 daqiqa\n@shop\.example\.uz #\1"#)
        #expect(text.wholeMatch(of: pattern) != nil)
    }

    @Test func `a locked phone is answered as one whose checks are used up`() async throws {
        let bench = try await VerifierBench { $0.limits.intervals = [] }
        for purpose in ["a", "b"] {
            _ = try await bench.start("998901234567", purpose: purpose)
            for _ in 0..<5 {
                _ = try await bench.verifier.check(phone: "998901234567", purpose: purpose, apiKeyID: "k_1", "00000")
            }
        }
        let unknown = try await bench.verifier.check(phone: "998901234567", purpose: "c", apiKeyID: "k_1", "00000")
        #expect(!unknown.isValid && unknown.status == .exhausted && unknown.checksLeft == 0)
        await #expect(throws: VerifyError.self) { try await bench.start("998901234567", purpose: "c") }
        bench.clock.advance(by: .seconds(3_600))
        let started = try await bench.start("998901234567", purpose: "c")
        let code = try await bench.code(of: started)
        #expect(try await bench.verifier.check(phone: "998901234567", purpose: "c", apiKeyID: "k_1", code).isValid)
    }

    @Test func `with a store that fails nothing is sent, and it is said`() async throws {
        let bench = try await VerifierBench()
        let store = try #require(bench.store as? MemoryMessageStore)
        store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
        await #expect(throws: QueueError.self) { try await bench.start("998901234567") }
        await #expect(throws: QueueError.self) {
            try await bench.verifier.check(phone: "998901234567", purpose: nil, apiKeyID: "k_1", "00000")
        }
        store.fail(with: nil)
        #expect(try await bench.start("998901234567").isNew)
    }

    /// The test is the rank-sum test of Mann and Whitney, for two pairs of answers.
    ///
    /// The pairs are a known phone with a wrong code and an unknown phone, and a wrong and a right code. Samples are taken in
    /// turn, in random order within a turn. Where |z| stays below 3.3 there is no difference at one in a thousand.
    @Test(.enabled(if: samples > 0))
    func `the time of an answer does not tell known from unknown, or right from wrong`() async throws {
        let bench = try await VerifierBench(.sqlite) { configuration in
            configuration.limits.keyMinute = nil
            configuration.limits.totalMinute = nil
            configuration.limits.block = 1_000_000
        }
        var times: [String: [Double]] = [:]
        func measure(_ name: String, _ phone: String, _ code: String) async throws {
            let start = ContinuousClock.now
            _ = try await bench.verifier.check(phone: phone, purpose: nil, apiKeyID: "k_1", code)
            let elapsed = ContinuousClock.now - start
            times[name, default: []].append(Double(elapsed.components.attoseconds) / 1e9)
        }
        for number in 0..<Self.samples {
            let right = try await bench.start("99890\(1_000_000 + number)")
            _ = try await bench.start("99891\(1_000_000 + number)")
            let code = try await bench.code(of: right)
            let wrong = code == "135790" ? "246801" : "135790"
            let turn = [
                ("right", "99890\(1_000_000 + number)", code), ("wrong", "99891\(1_000_000 + number)", wrong),
                ("unknown", "99893\(1_000_000 + number)", wrong),
            ].shuffled()
            for (name, phone, code) in turn { try await measure(name, phone, code) }
        }
        for (left, right) in [("wrong", "unknown"), ("wrong", "right")] {
            let z = Self.rankSum(times[left] ?? [], times[right] ?? [])
            #expect(abs(z) < 3.3, "\(left) and \(right): z = \(z) over \(Self.samples) samples")
        }
        await bench.close()
    }

    /// The normal deviate of the rank sum of two samples of equal size.
    private static func rankSum(_ left: [Double], _ right: [Double]) -> Double {
        let all = (left.map { ($0, true) } + right.map { ($0, false) }).sorted { $0.0 < $1.0 }
        let sum = all.enumerated().reduce(0.0) { $1.element.1 ? $0 + Double($1.offset + 1) : $0 }
        let (one, other) = (Double(left.count), Double(right.count))
        let mean = one * (one + other + 1) / 2
        return (sum - mean) / (one * other * (one + other + 1) / 12).squareRoot()
    }
}
