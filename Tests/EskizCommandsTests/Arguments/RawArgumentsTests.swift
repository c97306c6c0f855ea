import Testing

@testable import EskizCommands

struct RawArgumentsTests {
    @Test(
        arguments: [
            ([[0x78], [0xCA, 0xEE, 0xE4]], 1), ([[0xFF], [0x78]], 0), ([[0x78], Array("Код".utf8), []], nil),
            ([Array("\u{FFFD}".utf8)], nil), ([[0xED, 0xA0, 0x80]], 0), ([], nil),
        ] as [([[UInt8]], Int?)]
    )
    func `the first argument that is not UTF-8 is found`(arguments: [[UInt8]], place: Int?) {
        #expect(RawArguments.firstUnreadable(in: arguments) == place)
    }

    @Test func `our own arguments are read whole`() {
        #expect(RawArguments.ofThisProcess.map { String(decoding: $0, as: UTF8.self) } == CommandLine.arguments)
    }
}
