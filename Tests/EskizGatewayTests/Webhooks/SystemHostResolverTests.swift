import Testing

@testable import EskizGateway

struct SystemHostResolverTests {
    /// Names and spellings that the system answers from its own tables.
    @Test(arguments: ["localhost", "127.1", "2130706433", "0x7f.1"])
    func `whatever a spelling looks like, what it leads to is judged`(host: String) async throws {
        let found = try await SystemHostResolver().addresses(of: host).compactMap { IPAddress($0) }
        #expect(!found.isEmpty)
        for address in found { #expect(AddressKind(address) == .loopback) }
    }

    @Test func `a lookup that nobody waits for any more ends at once`() async {
        let lookup = Task { try await SystemHostResolver().addresses(of: "localhost") }
        lookup.cancel()
        // Either way it ends: with an answer that came first, or without one.
        _ = await lookup.result
    }
}
