import Testing

@testable import EskizText

struct RegionTests {
    @Test(arguments: [
        ("+998901234567", "UZ"), ("+77011234567", "KZ"), ("+79161234567", "RU"), ("+76001234567", "KZ"),
        ("+12025550100", "US"), ("+14165550100", "CA"), ("+18765550100", "JM"), ("+380441234567", "UA"),
        ("+905321234567", "TR"), ("+992901234567", "TJ"), ("+8618612345678", "CN"), ("+870123456789", nil),
    ])
    func `a number says which country it is in`(text: String, region: String?) throws {
        #expect(try PhoneNumber(text).region == region)
    }

    @Test(arguments: [
        ("UA", true), ("uz", true), ("Kz", true), ("VA", true), ("ZZ", false), ("", false), ("USA", false),
    ])
    func `a country exists in any case`(code: String, exists: Bool) {
        #expect(Region.exists(code) == exists)
    }

    @Test func `every code that is assigned to a country has one`() {
        let shared: Set<Int> = [800, 808, 870, 878, 881, 882, 883, 888, 979]
        for code in 1...999 {
            guard CountryCallingCode.leading(UInt64(code), digits: String(code).count) == code else { continue }
            let region = Region.code(ofCallingCode: code, number: UInt64(code) * 10_000_000_000)
            #expect((region != nil) == !shared.contains(code), "\(code)")
        }
    }

    @Test func `the prefix 55 is Uzbek`() throws {
        #expect(try PhoneNumber("551234567").operatorHint == .uztelecom)
        #expect(throws: PhoneNumberError.missingCountryCode) { try PhoneNumber("+551234567") }
    }
}
