import EskizPostgres
import EskizText
import Testing

/// `eskiz.send` refuses what the gateway's API refuses, in the same words.
@Suite(.timeLimit(.minutes(2)))
struct OutboxWordsTests {
    private static let phones = [
        "+998 90 123-45-67", "998901234567", "901234567", "(90) 123.45.67", "00998901234567", "\u{FF0B}998901234567",
        "\n901234567\r\n", "\u{202A}+998901234567\u{202C}", "90\u{A0}123\u{2009}45\u{2013}67", "", " \t", "+", "abc",
        "90123456", "9012345678", "9", "90123456789012345", "1234567890123456", "+9012345678901234567890", "90+1234567",
        "++998901234567", "90\n1234567", "90,1234567", "90/1234567", "9o1234567", "\u{202E}901234567", "🇺🇿901234567",
        "8901234567", "89012345678", "890123456789", "0901234567", "01", "00", "000998901234567", "0", "+0998901234567",
        "+7 999 123 45 67", "+79991234567", "+7999123456", "+799912345678", "+12025550123", "+1202555012",
        "+2101234567",
        "+999123456789", "+90", "+9", "+99", "+901234567", "00901234567", "+508123456", "+50812345678", "998101234567",
        "101234567", "001234567", "+998001234567", "99890123456", "9989012345678", "+99890123456", "+9989012345678",
        "123456789012", "700123456789", "998", "+998", "+998 90", "4915112345678", "+4915112345678", "+49151123",
        "+49151",
        "+8801712345678", "+692123456", "+6921234567", "+9991234567", "+97412345678",
    ]

    private static let texts = [
        "Kodingiz: 123456", "", " ", "\n\t\r", "\u{200B}", "\u{FEFF} \u{2060}", "a\u{1}", "\u{7F}b", "line\none",
        "tab\there",
        "x\u{FFFD}y", "\u{FFFD}", "o\u{2BB}zbek", "Салом", "😀", "\u{3164}", "\u{2800}", "\u{1B}[0m", "\u{85}",
        "a\u{8}\u{FFFD}",
    ]

    @Test func `a phone is taken or refused as by the library`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        for phone in Self.phones {
            let expected: String?
            do throws(PhoneNumberError) {
                let number = try PhoneNumber(phone)
                expected =
                    number.isUzbek
                    ? nil
                    : "The number is abroad; the gateway sends within Uzbekistan. `eskiz send-global` is for abroad."
            } catch {
                expected = error.description
            }
            let said = try await OutboxBench.refusal(of: app, phone: phone, body: "x")
            #expect(said == expected, "\(phone.debugDescription)")
        }
    }

    @Test func `a phone is kept as digits with country code`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        for spelling in ["+998 90 123-45-67", "901234567", "00998901234567", "(90) 123.45.67"] {
            _ = try await OutboxBench.send(app, phone: spelling)
        }
        let different = try await database.number(
            "SELECT count(*) FROM eskiz.outbox WHERE phone IS DISTINCT FROM '998901234567'"
        )
        #expect(different == 0)
    }

    @Test func `a text is taken or refused as by the library`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        for text in Self.texts {
            var expected: String?
            do throws(MessageTextError) { try MessageTextRules.checkCharacters(of: text) } catch {
                expected = error.description
            }
            let said = try await OutboxBench.refusal(of: app, phone: "901234567", body: text)
            #expect(said == expected, "\(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("a", 1_224), ("a", 1_225), ("a", 160), ("я", 536), ("я", 537), ("я", 70), ("a", 5_000),
    ])
    func `a text that is certainly too long is refused in the library's words`(letter: String, count: Int) async throws
    {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let text = String(repeating: letter, count: count)
        var expected: String?
        do throws(MessageTextError) { try MessageTextRules.standard.check(text) } catch { expected = error.description }
        #expect(try await OutboxBench.refusal(of: app, phone: "901234567", body: text) == expected)
    }

    @Test func `the limit of segments is the gateway's`() async throws {
        let database = try await OutboxBench.database()
        let outbox = PostgresOutbox(database.address, owner: "a", maximumSegments: 1, migrating: true)
        try await outbox.connect()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let text = String(repeating: "a", count: 161)
        var expected: String?
        do throws(MessageTextError) { try MessageTextRules(maximumSegments: 1).check(text) } catch {
            expected = error.description
        }
        #expect(expected != nil)
        #expect(try await OutboxBench.refusal(of: app, phone: "901234567", body: text) == expected)
    }

    @Test(arguments: [
        ("lane => 'fast'", "`lane` is one of otp, transactional and bulk."),
        ("lane => NULL", "`lane` is one of otp, transactional and bulk."),
        ("sender => 'a'", "`sender` is a sender ID: 2 to 11 Latin letters, digits or signs."),
        ("expires_in => '0 seconds'", "`expires_in` is from 1 to 999999 seconds."),
        ("expires_in => '-1 hour'", "`expires_in` is from 1 to 999999 seconds."),
        ("send_at => now() + interval '36 days'", "`send_at` must lie in the next 35 days."),
        ("reference => ''", "`reference` has 1 to 255 characters."),
        ("purpose => repeat('x', 65)", "`purpose` has 1 to 64 characters."),
        (
            "webhook_url => 'ftp://example.test'",
            "`webhook_url` is an address such as https://example.test/hook, without user and fragment."
        ),
        ("idempotency_key => 'a b'", "`idempotency_key` is 1 to 255 visible ASCII characters."),
    ])
    func `what else is wrong is said at once`(argument: String, sentence: String) async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        #expect(try await OutboxBench.refusal(of: app, phone: "901234567", body: "x", argument) == sentence)
        #expect(try await database.number("SELECT count(*) FROM eskiz.outbox") == 0)
    }
}
