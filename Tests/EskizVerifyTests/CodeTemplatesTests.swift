import EskizText
import Testing

@testable import EskizVerify

/// Texts by name and language.
struct CodeTemplatesTests {
    private func read(_ json: String) throws -> CodeTemplates { try CodeTemplates(json: Array(json.utf8)) }

    private func complaint(_ json: String) -> String {
        do {
            _ = try read(json)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `the language falls back in the order that is written down`() throws {
        let templates = try read(
            """
            [{"name": "login", "language": "en", "text": "Your code: {code}"},
             {"name": "login", "language": "uz", "text": "Kodingiz: {code}"},
             {"name": "login", "language": "uz-Cyrl", "text": "Кодингиз: {code}"},
             {"name": "payment", "language": "ru", "text": "Код оплаты: {code}"}]
            """
        )
        let cases: [(String?, String?, String?)] = [
            (nil, nil, "uz"), (nil, "en", "en"), (nil, "en-GB", "en"), (nil, "uz-Cyrl", "uz-Cyrl"),
            ("login", "uz_cyrl", "uz-Cyrl"),
            (nil, "uz-Latn", "uz"), (nil, "ru", "uz"), (nil, "fr", "uz"), ("payment", "uz", "ru"),
            ("payment", nil, "ru"),
            ("nothing", "uz", nil),
        ]
        for (name, locale, language) in cases {
            #expect(
                templates.template(named: name, for: locale)?.language == language,
                "\(name ?? "–") \(locale ?? "–")"
            )
        }
        #expect(templates.names == ["login", "payment"])
    }

    @Test func `placeholders are filled, and the last line is for browsers or for apps`() throws {
        let web = CodeTemplate(
            name: "login",
            language: "uz",
            text: "{app}: {code}, {minutes} daqiqa",
            app: "Shop",
            domain: "shop.example.uz"
        )
        #expect(web.problem == nil)
        #expect(web.rendered(code: "012345", minutes: 5) == "Shop: 012345, 5 daqiqa\n@shop.example.uz #012345")
        let android = CodeTemplate(
            name: "login",
            language: "en",
            text: "Your code: {code}",
            appHash: "FA+9qCX9VSu"
        )
        #expect(android.rendered(code: "1234", minutes: 5) == "Your code: 1234\nFA+9qCX9VSu")
        let segments = Segmentation(of: web.sample(length: 6, minutes: 5))
        #expect(segments.segmentCount == 1 && segments.encoding == .gsm7)
    }

    @Test func `what is wrong is said`() {
        #expect(complaint("{}").contains("not a list"))
        #expect(complaint("[]").contains("no templates"))
        #expect(complaint(#"[{"name": "a"}]"#).contains("Template 1 needs"))
        let cases = [
            (#""text": "no code""#, "{code}"), (#""text": "{code} {code}""#, "once"),
            (#""text": "{code} {name}""#, "{name}"),
            (#""text": "{code} {app}""#, "`app`"), (#""text": "{code} {""#, "open"),
            (#""text": "{code}", "domain": "a.uz", "app_hash": "FA+9qCX9VSu""#, "choose one"),
            (#""text": "{code}", "domain": "nodot""#, "domain"),
            (#""text": "{code}", "app_hash": "short""#, "app_hash"),
        ]
        for (rest, part) in cases {
            #expect(complaint(#"[{"name": "a", "language": "uz", \#(rest)}]"#).contains(part), "\(rest)")
        }
        #expect(complaint(#"[{"name": "a b", "language": "uz", "text": "{code}"}]"#).contains("`name`"))
        #expect(complaint(#"[{"name": "a", "language": "u", "text": "{code}"}]"#).contains("`language`"))
        let twice = #"{"name": "a", "language": "uz", "text": "{code}"}"#
        #expect(complaint("[\(twice),\(twice)]").contains("twice"))
        #expect(complaint(#"{"templates": [\#(twice)]}"#).isEmpty)
    }

    @Test func `test numbers are read, each once`() {
        let numbers = TestNumbers("+998900000001=123456, 900000002 = 0042")
        #expect(numbers?.code(for: "998900000001") == "123456")
        #expect(numbers?.code(for: "998900000002") == "0042")
        #expect(numbers?.code(for: "998900000003") == nil)
        for wrong in [
            "998900000001", "998900000001=12", "x=1234", "998900000001=12a4", "998900000001=1234,900000001=1234",
        ] {
            #expect(TestNumbers(wrong) == nil, "\(wrong)")
        }
        #expect(numbers.map { "\($0)" } == "2 test numbers")
    }
}
