import Testing

@testable import EskizCommands

struct UnknownVerbTests {
    @Test(arguments: [
        ("sned 901234567 Salom", "sned", "send"), ("sen", "sen", "send"), ("Balance", "Balance", "balance"),
        ("balnce", "balnce", "balance"), ("slef-test", "slef-test", "self-test"), ("keys ad demo", "ad", "add"),
        ("templates ad x", "ad", "add"), ("report by-mnth", "by-mnth", "by-month"),
    ])
    func `a slip is told from the verb that was meant`(line: String, typed: String, meant: String) throws {
        let unknown = try #require(
            UnknownVerb(in: line.split(separator: " ").map(String.init), below: EskizCommand.self)
        )
        #expect(unknown.typed == typed && unknown.meant == meant)
    }

    @Test func `what is near to nothing gets no suggestion`() {
        #expect(UnknownVerb(in: ["nonsense"], below: EskizCommand.self)?.meant == nil)
        #expect(UnknownVerb.nearest(to: "xy", in: ["send", "keys"]) == nil)
    }

    @Test(arguments: ["send 901234567 Salom", "--help", "help sned", "templates somewhere", "balance extra", ""])
    func `a verb that exists is no slip`(line: String) {
        #expect(UnknownVerb(in: line.split(separator: " ").map(String.init), below: EskizCommand.self) == nil)
    }

    @Test(arguments: [
        ("send", "send", 0), ("sned", "send", 1), ("snd", "send", 1), ("seend", "send", 1), ("sand", "send", 1),
        ("", "send", 4), ("send", "", 4), ("", "", 0), ("abcd", "dcba", 3),
    ])
    func `slips are counted`(left: String, right: String, slips: Int) {
        #expect(UnknownVerb.slips(from: left, to: right) == slips)
    }
}
