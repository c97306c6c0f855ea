import EskizTestSupport
import EskizText
import Testing

struct PhoneNumberTests {
    @Test(arguments: [
        "+998 90 123-45-67", "998901234567", "901234567", "+998901234567", "998 90 123 45 67", "90 123 45 67",
        "(90) 123-45-67", "+998 (90) 123.45.67", "(+998 90) 123 45 67", "90.123.45.67", "  901234567\n",
        "\t+998901234567 ",
        "+998\u{A0}90\u{202F}123\u{2009}45\u{2007}67", "00998901234567", "00 998 90 123 45 67", "00 (998) 90-123-45-67",
        "+998 90 123–45—67", "90\u{2011}123\u{2212}45\u{2010}67", "\u{202A}+998 90 123 45 67\u{202C}",
        "\u{FEFF}901234567\u{200B}", "\u{FF0B}998901234567", "\r\n\r\n901234567\r\n", "+ 998 90 123 45 67",
        "\u{2066}998901234567\u{2069}", "9-0-1-2-3-4-5-6-7",
    ])
    func `every spelling of a number is the same number`(_ spelling: String) throws {
        let number = try PhoneNumber(spelling)
        #expect(number.digits == "998901234567")
        #expect(number.e164 == "+998901234567")
        #expect(number.masked == "+998 90 *** ** 67")
        #expect(number.countryCode == 998)
        #expect(number.isUzbek)
        #expect(number == (try PhoneNumber("+998901234567")))
        #expect(number.hashValue == (try PhoneNumber("+998901234567")).hashValue)
    }

    @Test(arguments: [
        ("", PhoneNumberError.empty),
        (" \u{A0}-\n", .empty),
        ("+", .empty),
        ("90 123 4O 67", .unexpectedCharacter("O", offset: 8)),
        ("tel:+998901234567", .unexpectedCharacter("t", offset: 0)),
        ("901234567, 911234567", .unexpectedCharacter(",", offset: 9)),
        ("901234567/68", .unexpectedCharacter("/", offset: 9)),
        ("901234567\u{202E}", .unexpectedCharacter("\u{202E}", offset: 9)),
        ("90123\n4567", .unexpectedCharacter("\n", offset: 5)),
        ("90\r\n1234567", .unexpectedCharacter("\r", offset: 2)),
        ("٩٠١٢٣٤٥٦٧", .unexpectedCharacter("٩", offset: 0)),
        ("９０１２３４５６７", .unexpectedCharacter("９", offset: 0)),
        ("90é", .unexpectedCharacter("é", offset: 2)),
        ("998+901234567", .misplacedPlus(offset: 3)),
        ("++998901234567", .misplacedPlus(offset: 1)),
        ("901234567+", .misplacedPlus(offset: 9)),
        ("1", .tooShort(digits: 1, expected: 9)),
        ("4546", .tooShort(digits: 4, expected: 9)),
        ("90123456", .tooShort(digits: 8, expected: 9)),
        ("9989012345", .tooShort(digits: 10, expected: 12)),
        ("99890123456", .tooShort(digits: 11, expected: 12)),
        ("+99890123456", .tooShort(digits: 11, expected: 12)),
        ("+998", .tooShort(digits: 3, expected: 12)),
        ("+9", .tooShort(digits: 1, expected: 8)),
        ("+7901234567", .tooShort(digits: 10, expected: 11)),
        ("+1202555012", .tooShort(digits: 10, expected: 11)),
        ("+5012345", .tooShort(digits: 7, expected: 8)),
        ("00", .tooShort(digits: 0, expected: 8)),
        ("9989012345678", .tooLong(digits: 13, expected: 12)),
        ("+9989012345678", .tooLong(digits: 13, expected: 12)),
        ("+998 0 90 123 45 67", .tooLong(digits: 13, expected: 12)),
        ("+120255501234", .tooLong(digits: 12, expected: 11)),
        ("+4912345678901234", .tooLong(digits: 16, expected: 15)),
        ("1234567890123456", .tooLong(digits: 16, expected: 15)),
        ("99999999999999999999999999999999", .tooLong(digits: 32, expected: 15)),
        ("+0998901234567", .unknownCountryCode),
        ("000998901234567", .unknownCountryCode),
        ("+999901234567", .unknownCountryCode),
        ("+2101234567890", .unknownCountryCode),
        ("79012345678", .missingPlus(digits: 11)),
        ("1202555012345", .missingPlus(digits: 13)),
        ("9012345678", .missingPlus(digits: 10)),
        ("+901234567", .missingCountryCode),
        ("+90 123 45 67", .missingCountryCode),
        ("00901234567", .missingCountryCode),
        ("8 90 123 45 67", .trunkPrefix),
        ("8 901 234 56 78", .trunkPrefix),
        ("0 90 123 45 67", .trunkPrefix),
        ("012345678", .notSubscriber),
        ("101234567", .notSubscriber),
        ("+998 00 123 45 67", .notSubscriber),
        ("998 19 123 45 67", .notSubscriber),
    ])
    func `what can be mistaken is refused, with the reason`(_ spelling: String, _ reason: PhoneNumberError) {
        #expect(throws: reason) { try PhoneNumber(spelling) }
    }

    @Test(arguments: [
        ("+7 901 234-56-78", 7, "79012345678"), ("+1 202 555 01 23", 1, "12025550123"),
        ("+44 20 7946 0018", 44, "442079460018"), ("0049 30 123456", 49, "4930123456"),
        ("+992 90 123 45 67", 992, "992901234567"), ("+90 555 123 45 67", 90, "905551234567"),
        ("+996 555 123456", 996, "996555123456"), ("+508 55 12 34", 508, "508551234"),
        ("+500 12345", 500, "50012345"), ("+491234567890123", 49, "491234567890123"),
    ])
    func `a foreign number needs its plus or 00, and keeps its country code`(
        _ spelling: String,
        _ code: Int,
        _ digits: String
    ) throws {
        let number = try PhoneNumber(spelling)
        #expect(number.countryCode == code)
        #expect(number.digits == digits)
        #expect(number.e164 == "+" + digits)
        #expect(!number.isUzbek)
        #expect(number.operatorHint == nil)
        #expect(number.masked == "+\(code) *** ** \(digits.suffix(2))")
        #expect(try PhoneNumber(internationalDigits: digits) == number)
    }

    @Test func `a field that holds international digits needs no plus`() throws {
        #expect(try PhoneNumber(internationalDigits: "79012345678").countryCode == 7)
        #expect(try PhoneNumber(internationalDigits: "998901234567") == PhoneNumber("901234567"))
        #expect(throws: PhoneNumberError.missingCountryCode) { try PhoneNumber(internationalDigits: "901234567") }
        #expect(throws: PhoneNumberError.unknownCountryCode) { try PhoneNumber(internationalDigits: "00998901234567") }
    }

    @Test func `zeros at the end are masked as zeros`() throws {
        #expect(try PhoneNumber("901234500").masked == "+998 90 *** ** 00")
        #expect(try PhoneNumber("901234507").masked == "+998 90 *** ** 07")
    }

    @Test func `an unknown prefix is no reason to refuse`() throws {
        for prefix in 20...99 {
            let number = try PhoneNumber("\(prefix)1234567")
            #expect(number.digits == "998\(prefix)1234567")
            #expect(number.operatorHint == MobileOperator(prefix: prefix))
        }
    }

    @Test func `every country code of the plan is recognised, and no other`() {
        // ITU-T list of assigned country codes, as prefixes; E.164 makes them prefix-free.
        let assigned: Set<String> = Set(
            """
            1 7 20 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 \
            241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 \
            27 290 291 297 298 299 30 31 32 33 34 350 351 352 353 354 355 356 357 358 359 36 370 371 372 373 374 375 376 377 \
            378 379 380 381 382 383 385 386 387 389 39 40 41 420 421 423 43 44 45 46 47 48 49 500 501 502 503 504 505 506 507 \
            508 509 51 52 53 54 55 56 57 58 590 591 592 593 594 595 596 597 598 599 60 61 62 63 64 65 66 670 672 673 674 675 \
            676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 81 82 84 850 852 853 855 856 86 870 878 \
            880 881 882 883 886 888 90 91 92 93 94 95 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 \
            98 992 993 994 995 996 997 998
            """.split(separator: " ").map { String($0) }
        )
        for head in 100...999 {
            let digits = "\(head)55512345"
            let code = (1...3).map { String(digits.prefix($0)) }.first { assigned.contains($0) }
            let expected: Int? = code == "998" ? nil : code.flatMap { Int($0) }
            #expect((try? PhoneNumber("+" + digits))?.countryCode == expected, "+\(head)")
        }
    }

    @Test func `printing, dumping and nesting show the masked number only`() throws {
        let number = try PhoneNumber("+998 90 777-14-67")
        var dumped = ""
        dump(number, to: &dumped)
        dump(["key": [Optional(number)]], to: &dumped)
        for shown in [
            "\(number)", String(describing: number), String(reflecting: number), dumped, "\([Optional(number)])",
            String(reflecting: ["key": number]), number.debugDescription,
        ] {
            #expect(shown.contains("+998 90 *** ** 67"))
            #expect(!shown.contains("777"))
        }
    }

    @Test(arguments: [
        "+998 90 777 14 6", "907771468x", "8 90 777 14 68", "+907771468", "79077714689", "9989077714680",
        "+99990777146",
        "907771468907771468", "99807771468+", "+998 00 777 14 68", "7771468",
    ])
    func `an error says what to do and never repeats the number`(_ spelling: String) {
        let error = #expect(throws: PhoneNumberError.self) { try PhoneNumber(spelling) }
        var shown = String(reflecting: error)
        dump(error, to: &shown)
        shown += error?.description ?? ""
        #expect(shown.contains("+998 90 123 45 67"))
        let digits = shown.filter { $0.isNumber }
        #expect(!digits.contains("777") && !digits.contains("7771"))
    }

    @Test func `a strange character is named, not printed`() {
        #expect(
            PhoneNumberError.unexpectedCharacter("\u{1B}", offset: 3).description.hasPrefix(
                "Character 4 of the phone number (U+001B) does not belong in one."
            )
        )
    }

    @Test func `any input is either a number that reads back as itself or a reason`() {
        var random = SeededGenerator(seed: 5)
        let digits = Array("0123456789".unicodeScalars)
        let separators = Array(" -().\u{A0}\u{202A}\u{2013}".unicodeScalars)
        let garbage = digits + separators + Array("+\n/,abцé😀\u{301}٣".unicodeScalars)
        let heads = ["", "998", "+998", "00998", "+7", "00", "+", "8", "99"]
        var accepted = 0
        for round in 0..<20_000 {
            var view = heads[Int.random(in: 0..<heads.count, using: &random)].scalars
            let isTidy = round % 2 == 0
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let pool = isTidy ? digits : garbage
                view.append(pool[Int.random(in: 0..<pool.count, using: &random)])
                if Int.random(in: 0..<5, using: &random) == 0 {
                    view.append(separators[Int.random(in: 0..<separators.count, using: &random)])
                }
            }
            let text = String(String.UnicodeScalarView(view))
            guard let number = try? PhoneNumber(text) else { continue }
            accepted += 1
            let digits = number.digits
            #expect((8...15).contains(digits.count), "round \(round)")
            #expect(digits.utf8.allSatisfy { (0x30...0x39).contains($0) }, "round \(round)")
            #expect(digits.hasPrefix("\(number.countryCode)"), "round \(round)")
            #expect((try? PhoneNumber(number.e164)) == number, "round \(round)")
            #expect((try? PhoneNumber(internationalDigits: digits)) == number, "round \(round)")
            #expect(!number.masked.contains(digits.dropFirst(5).prefix(4)), "round \(round)")
            let typed = String(text.filter { $0.isASCII && $0.isNumber })
            #expect(typed.hasSuffix(number.isUzbek ? String(digits.dropFirst(3)) : digits), "round \(round)")
        }
        #expect(accepted > 1000)
    }
}

struct MobileOperatorTests {
    @Test func `operators carry Eskiz's numbers and names`() {
        let names = (1...8).map { MobileOperator(smscID: $0)?.name }
        #expect(
            names == [
                "Mobiuz", "Beeline", "Ucell", "Humans", "Uzmobile GSM", "Uzmobile CDMA", "Perfectum", "Global",
            ]
        )
        #expect((1...8).allSatisfy { MobileOperator(smscID: $0)?.smscID == $0 })
        #expect(MobileOperator(smscID: 0) == nil)
        #expect(MobileOperator(smscID: 9) == nil)
        #expect(MobileOperator.oq.smscID == nil)
        #expect(MobileOperator.beeline.description == "Beeline")
    }

    @Test func `prefixes lead to the operators of the guide`() {
        let guide: [String: [Int]] = [
            "Beeline": [90, 91, 92], "Ucell": [93, 94, 50], "Uzmobile GSM": [99, 77, 70], "Uzmobile CDMA": [95],
            "Mobiuz": [97, 88, 87], "Humans": [33], "OQ": [20], "Perfectum": [98, 80], "Uztelecom": [55],
        ]
        var known: [Int: String] = [:]
        for (name, prefixes) in guide { for prefix in prefixes { known[prefix] = name } }
        for prefix in 0...99 {
            #expect(MobileOperator(prefix: prefix)?.name == known[prefix], "prefix \(prefix)")
        }
    }
}
