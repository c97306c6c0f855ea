import EskizQueue
import EskizVerify
import Testing

/// Blocking and letting through by the first digits.
struct PrefixRulesTests {
    private let rules = PrefixRules([
        PrefixRule(prefix: "99890", decision: .block, addedAt: .init(milliseconds: 0), addedBy: "desk"),
        PrefixRule(prefix: "9989012", decision: .allow, addedAt: .init(milliseconds: 0), addedBy: "desk"),
        PrefixRule(prefix: "7", decision: .block, addedAt: .init(milliseconds: 0), addedBy: "desk"),
    ])

    @Test(arguments: [
        ("998901234567", PrefixRule.Decision.allow), ("998907654321", .block), ("998911234567", nil),
        ("79012345678", .block), ("", nil),
    ])
    func `of several the longest counts`(_ phone: String, _ decision: PrefixRule.Decision?) {
        #expect(rules.decision(on: phone) == decision)
    }

    @Test(arguments: [
        ("+998 90 123 ** **", "99890123"), ("99890", "99890"), ("998 (90)", "99890"), ("77", "77"),
    ])
    func `a prefix is read as people write it`(_ text: String, _ digits: String) {
        #expect(PrefixRule.prefix(text) == digits)
    }

    @Test(arguments: ["", "9", "998901234", "998901234567", "99890x", "+++"])
    func `what is no prefix is refused, and a whole phone is none`(_ text: String) {
        #expect(PrefixRule.prefix(text) == nil)
    }
}
