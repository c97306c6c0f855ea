import EskizQueue
import Testing

@testable import EskizVerify

/// Codes are derived, uniform, and not easily guessed.
struct CodeDerivationTests {
    private let key = CodeKey(bytes: Array(repeating: 7, count: 32))!
    private let phone = "998901234567"

    private func id(_ number: Int) -> VerificationID {
        VerificationID(bytes: (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 8))) })!
    }

    private func code(_ number: Int, epoch: Int = 0, length: Int = 6) -> String {
        CodeDerivation.code(of: id(number), epoch: epoch, length: length, phone: phone, key: key)
    }

    @Test func `the same verification has the same code, and another one another`() {
        #expect(code(1) == code(1))
        #expect(code(1) != code(2))
        #expect(code(1) != code(1, epoch: 1))
        let other = CodeKey(bytes: Array(repeating: 8, count: 32))!
        #expect(code(1) != CodeDerivation.code(of: id(1), epoch: 0, length: 6, phone: phone, key: other))
    }

    @Test(arguments: CodeDerivation.lengths)
    func `it has as many digits as it is to have, zeros in front included`(_ length: Int) {
        let codes = (0..<200).map { code($0, length: length) }
        #expect(codes.allSatisfy { $0.utf8.count == length && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        #expect(codes.contains { $0.hasPrefix("0") })
    }

    @Test func `each digit comes as often as any other at each place`() {
        let count = 20_000
        var seen = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 6)
        for number in 0..<count {
            for (place, digit) in code(number).utf8.enumerated() { seen[place][Int(digit - 0x30)] += 1 }
        }
        let expected = Double(count) / 10
        for place in seen {
            // Chi-square of nine degrees of freedom: beyond 33.7 in one of ten thousand fair draws, and these are fixed.
            let chiSquare = place.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
            #expect(chiSquare < 33.7, "\(place)")
        }
    }

    @Test func `one digit all over and the end of the phone are never used`() {
        #expect(!CodeDerivation.isFit("111111", for: phone))
        #expect(!CodeDerivation.isFit("234567", for: phone))
        #expect(!CodeDerivation.isFit("4567", for: phone))
        #expect(CodeDerivation.isFit("123456", for: phone))
        // Of 10,000 codes of four digits one is the phone's end and ten are one digit.
        let codes = (0..<60_000).map { code($0, length: 4) }
        #expect(!codes.contains { Set($0).count == 1 || $0 == "4567" })
        #expect(Set(codes).count > 9_900)
    }

    @Test func `codes are compared as wholes`() {
        #expect(CodeDerivation.areEqual("012345", "012345"))
        for other in ["012346", "112345", "01234", "0123456", "", "0123450000"] {
            #expect(!CodeDerivation.areEqual("012345", other), "\(other)")
        }
        #expect(!CodeDerivation.areEqual("12345678901", "12345678901"))
    }

    @Test func `two keys are live, and each is known by its id`() {
        let old = CodeKey(bytes: Array(repeating: 8, count: 32))!
        let keys = CodeKeys(current: key, previous: old)
        #expect(keys.key(key.id)?.id == key.id)
        #expect(keys.key(old.id)?.id == old.id)
        #expect(keys.key("00000000") == nil)
        #expect(key.id != old.id)
        #expect(CodeKey(bytes: [1, 2, 3]) == nil)
        #expect(CodeKey(base64: "not base64") == nil)
        #expect("\(key)".contains(key.id) && !"\(key)".contains("7, 7"))
    }

    @Test func `the id of a verification is read as it is written`() throws {
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(milliseconds: 1_800_000_000_123)
        let made = VerificationID(at: now, random: &random)
        #expect(VerificationID(text: made.text) == made)
        #expect(VerificationID(at: now, random: &random) != made)
        #expect(made < VerificationID(at: now + .milliseconds(1), random: &random))
        #expect(made.text.wholeMatch(of: try Regex(VerificationID.pattern)) != nil)
        for wrong in ["", "ver_", "ver_0", made.text.uppercased(), made.text + "0", "vex_" + made.text.dropFirst(4)] {
            #expect(VerificationID(text: wrong) == nil, "\(wrong)")
        }
    }
}
