import Testing

@testable import EskizSimulator

struct RenewalEpisodeTests {
    /// `send 401`, `refresh 200`, `login 200 @70` (seconds), `send 200 b@example.test`, `send 401 nobody`, `send 401 #a` (body).
    private static func calls(_ lines: [String]) -> [(number: Int, call: Ledger.Call)] {
        lines.enumerated().map { index, line in
            let words = line.split(separator: " ").map(String.init)
            let second = words.first { $0.hasPrefix("@") }.flatMap { Int($0.dropFirst()) } ?? index
            var call = Ledger.Call(time: WallTime(seconds: second), method: "POST", route: words[0], what: words[0])
            call.status = Int(words[1])
            call.account =
                words.contains("nobody") ? nil : words.first { $0.contains("@example") } ?? "a@example.test"
            return (index + 1, call)
        }
    }

    private static func story(_ lines: [String]) -> [String] {
        let bodies = lines.map { line in line.split(separator: " ").first { $0.hasPrefix("#") }.map(String.init) }
        return RenewalEpisode.find(in: calls(lines)) { bodies[$0 - 1] }.map { episode in
            episode.numbers.map(String.init).joined(separator: " ") + (episode.isHealed ? " healed" : " open")
        }
    }

    @Test(
        arguments: [
            (["send 200", "send 401", "refresh 200", "send 200", "send 200"], ["2 3 4 healed"]),
            (["send 401", "refresh 401", "login 200", "send 200"], ["1 2 3 4 healed"]),
            (["send 401", "login 200"], ["1 2 open"]),
            (["send 401", "send 401"], []),
            (["login 200", "send 200"], []),
            (["login 401", "login 200"], []),
            // A storm: many are refused, one renews, all are repeated.
            (
                ["send 401", "send 401", "nick 401", "login 200", "nick 200", "send 200", "send 200", "send 200"],
                ["1 2 3 4 5 6 7 healed"]
            ),
            // Another call in between has nothing to do with it.
            (["send 401", "login 200", "nick 200", "send 200"], ["1 2 4 healed"]),
            // The repetition is refused for another reason: the story is not over.
            (["send 401", "login 200", "send 400"], ["1 2 open"]),
            // A success before the renewal is another caller's.
            (["send 401", "send 200", "login 200", "send 200"], ["1 3 4 healed"]),
            // A login a minute later has its own reason.
            (["send 401 @0", "login 200 @100", "send 200 @101"], []),
            // Accounts do not mix.
            (
                [
                    "send 401 a@example.test", "send 401 b@example.test", "login 200 b@example.test",
                    "send 200 a@example.test",
                    "send 200 b@example.test",
                ], ["2 3 5 healed"]
            ),
            // A token that is not ours, or a fault that looked at none: whoever renews next had it.
            (["send 401 nobody", "login 200", "send 200"], ["1 2 3 healed"]),
            (["send 401 nobody", "refresh 401 nobody", "login 200", "send 200"], ["1 2 3 4 healed"]),
            (["send 401", "send 401 nobody", "login 200", "send 200", "send 200"], ["1 2 3 4 5 healed"]),
            (["send 401 nobody", "login 401", "send 200"], []),
            (["send 401 nobody @0", "login 200 @100", "send 200 @101"], []),
            // Refused twice with the same body: one message, tried twice.
            (["send 401 #a", "send 401 #a", "login 200", "send 200 #a"], ["1 2 3 4 healed"]),
            (["send 401 #a", "send 401 #b", "login 200", "send 200 #b"], ["1 2 3 4 open"]),
            (["send 401 #a", "send 401 #b", "login 200", "send 200 #b", "send 200 #a"], ["1 2 3 4 5 healed"]),
            // It went through without a renewal: what comes later is another story.
            (["send 401 #a nobody", "send 200 #a", "send 401 #b", "login 200", "send 200 #b"], ["3 4 5 healed"]),
            (["send 401 #a", "send 200 #a", "login 200", "send 200 #b"], []),
            // Twice.
            (
                ["send 401", "refresh 200", "send 200", "send 401", "login 200", "send 200"],
                ["1 2 3 healed", "4 5 6 healed"]
            ),
        ] as [([String], [String])]
    )
    func `a renewal is recognised`(lines: [String], episodes: [String]) {
        #expect(Self.story(lines) == episodes)
    }

    @Test func `every call belongs to one episode at most, whatever happens`() {
        var random = SeededRandom(seed: 11)
        let kinds = [
            "send 200", "send 401", "nick 200", "nick 401", "login 200", "login 401", "refresh 200", "refresh 401",
        ]
        for _ in 0..<200 {
            let lines = (0..<40).map { _ in kinds[Int(random.next() % UInt64(kinds.count))] }
            let numbers = RenewalEpisode.find(in: Self.calls(lines)).flatMap(\.numbers)
            #expect(Set(numbers).count == numbers.count, "\(lines)")
        }
    }
}
