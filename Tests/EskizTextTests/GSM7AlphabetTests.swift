import EskizText
import Testing

struct GSM7AlphabetTests {
    /// 3GPP TS 23.038 §6.2.1, by code point: written down apart from the alphabet under test.
    static let basic: [UInt32] = [
        // 0x00
        0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC,
        0x00F2, 0x00C7, 0x000A, 0x00D8, 0x00F8, 0x000D, 0x00C5, 0x00E5,
        // 0x10
        0x0394, 0x005F, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8,
        0x03A3, 0x0398, 0x039E, 0x001B, 0x00C6, 0x00E6, 0x00DF, 0x00C9,
        // 0x20
        0x0020, 0x0021, 0x0022, 0x0023, 0x00A4, 0x0025, 0x0026, 0x0027,
        0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F,
        // 0x30
        0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037,
        0x0038, 0x0039, 0x003A, 0x003B, 0x003C, 0x003D, 0x003E, 0x003F,
        // 0x40
        0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
        0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F,
        // 0x50
        0x0050, 0x0051, 0x0052, 0x0053, 0x0054, 0x0055, 0x0056, 0x0057,
        0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7,
        // 0x60
        0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067,
        0x0068, 0x0069, 0x006A, 0x006B, 0x006C, 0x006D, 0x006E, 0x006F,
        // 0x70
        0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
        0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0,
    ]

    /// 3GPP TS 23.038 §6.2.1.1, septet to code point.
    static let extended: [UInt8: UInt32] = [
        0x0A: 0x000C, 0x14: 0x005E, 0x28: 0x007B, 0x29: 0x007D, 0x2F: 0x005C,
        0x3C: 0x005B, 0x3D: 0x007E, 0x3E: 0x005D, 0x40: 0x007C, 0x65: 0x20AC,
    ]

    @Test func `the basic table is the standard's, septet by septet`() {
        #expect(GSM7Alphabet.basicTable.map(\.value) == Self.basic)
        #expect(Set(Self.basic).count == 128)
    }

    @Test func `the extension table is the standard's, septet by septet`() {
        let table = Dictionary(uniqueKeysWithValues: GSM7Alphabet.extensionTable.map { ($0.septet, $0.scalar.value) })
        #expect(table == Self.extended)
        #expect(GSM7Alphabet.extensionTable.count == 10)
    }

    @Test func `every scalar of Unicode costs what the standard says`() {
        let one = Set(Self.basic).subtracting([0x1B])
        let two = Set(Self.extended.values)
        var wrong: [UInt32] = []
        var counts = [0, 0, 0]
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let cost = GSM7Alphabet.septets(for: scalar) ?? 0
            counts[cost] += 1
            // Nothing beyond the last table entry is in a set: looking it up a million times would be the slow part.
            let expected = value > 0x20AC ? 0 : one.contains(value) ? 1 : two.contains(value) ? 2 : 0
            if cost != expected || GSM7Alphabet.contains(scalar) != (expected != 0) { wrong.append(value) }
        }
        #expect(wrong.isEmpty)
        #expect(counts == [0x110000 - 0x800 - 137, 127, 10])
    }

    @Test(arguments: ["`", "´", "‘", "’", "“", "”", "„", "‚", "«", "»", "–", "—", "…", "№", "ç", "ğ", "Ğ", "ş", "Ş"])
    func `what surprises people is not in it`(_ text: String) {
        #expect(MessageEncoding(for: text) == .ucs2)
    }

    @Test(arguments: ["ö", "Ö", "ü", "Ü", "ñ", "Ç", "'", "\"", "@", "\n", "\r\n", "€"])
    func `what surprises people is in it`(_ text: String) {
        #expect(MessageEncoding(for: text) == .gsm7)
    }
}
