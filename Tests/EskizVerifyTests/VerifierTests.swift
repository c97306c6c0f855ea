import Eskiz
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

    @Test(arguments: [(0, 4), (1, 4), (3, 4), (4, 8), (5, 8), (11, 12)] as [(Int64, Int64)])
    func `an answer leaves at the next whole step since the question came`(now: Int64, end: Int64) {
        #expect(Verifier.nextStep(after: 100 + now, since: 100, step: 4) == 100 + end)
    }

    @Test func `a check is answered when its step is over, and not before`() async throws {
        let bench = try await VerifierBench(.memory) { $0.checkStep = .milliseconds(4) }
        async let checked = bench.verifier.check(phone: "998901234567", purpose: nil, apiKeyID: "k_1", "135790")
        await bench.clock.sleeper(within: .milliseconds(4))
        bench.clock.advance(by: .milliseconds(4))
        #expect(try await !checked.isValid)
        await bench.close()
    }
}
