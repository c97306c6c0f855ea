import EskizText
import Testing

struct HexadecimalTests {
    @Test func `each byte is two lower-case digits`() {
        #expect(([0, 9, 10, 0xAB, 0xFF] as [UInt8]).hexadecimal == "00090aabff")
        #expect(([] as [UInt8]).hexadecimal.isEmpty)
    }
}
