import EskizHTTP
import Testing

@Suite struct CharsetTests {
    private static let cyrillic: [UInt8] = [0xCA, 0xEE, 0xE4]

    @Test(arguments: [
        ("utf-8", Charset.utf8), ("UTF8", .utf8), ("us-ascii", .utf8), ("windows-1251", .windows1251),
        ("CP1251", .windows1251), ("ISO-8859-1", .latin1), ("latin1", .latin1),
    ])
    func `a charset is known by its names`(name: String, charset: Charset) {
        #expect(Charset(name: name) == charset)
    }

    @Test(arguments: ["koi8-r", "utf-16", "", "windows-1252"]) func `others are not`(name: String) {
        #expect(Charset(name: name) == nil)
    }

    @Test func `windows-1251 has the letters of its table`() {
        let upper = (UInt8(0x80)...0xFF).filter { $0 != 0x98 }
        let table =
            "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї"
            + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя"
        #expect(Charset.windows1251.text(of: upper) == table)
        #expect(Charset.windows1251.text(of: Array("Kod: 1234".utf8)) == "Kod: 1234")
        #expect(Charset.windows1251.text(of: [0x98]) == nil)
    }

    @Test func `iso-8859-1 is the first 256 characters of Unicode`() {
        #expect(Charset.latin1.text(of: [0x41, 0xE9, 0xFF]) == "Aéÿ")
    }

    @Test func `utf-8 is looked at`() {
        #expect(Charset.utf8.text(of: Array("Код".utf8)) == "Код")
        #expect(Charset.utf8.text(of: Self.cyrillic) == nil)
    }
}

@Suite struct FormBodyTests {
    private func value(_ body: [UInt8], _ type: String?) throws -> String? {
        try FormBody.pairs(of: body, contentType: type).first { $0.name == "message" }?.value
    }

    private func multipart(_ bytes: [UInt8], type: String = "") -> [UInt8] {
        let head = "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\(type)\r\n"
        return Array(head.utf8) + bytes + Array("\r\n--b--\r\n".utf8)
    }

    private static let cyrillic: [UInt8] = [0xCA, 0xEE, 0xE4]
    private static let form = "application/x-www-form-urlencoded"

    @Test(arguments: [
        ("message=%ca%ee%e4", "windows-1251", "Код"), ("message=%CA%EE%E4", "\"cp1251\"", "Код"),
        ("message=%e9", "ISO-8859-1", "é"), ("message=%D0%9A", "utf-8", "К"), ("message=%D0%9A", "", "К"),
    ])
    func `a form is read by the charset that it states`(body: String, charset: String, text: String) throws {
        let type = charset.isEmpty ? Self.form : "\(Self.form); charset=\(charset)"
        #expect(try value(Array(body.utf8), type) == text)
    }

    @Test func `so are raw bytes`() throws {
        #expect(try value(Array("message=".utf8) + Self.cyrillic, "\(Self.form);charset=windows-1251") == "Код")
    }

    @Test func `a multipart form states its charset in three places`() throws {
        let type = "multipart/form-data; boundary=b"
        #expect(try value(multipart(Self.cyrillic), type + "; charset=windows-1251") == "Код")
        let part = multipart(Self.cyrillic, type: "Content-Type: text/plain; charset=windows-1251\r\n")
        #expect(try value(part, type) == "Код")
        // The part knows better than the whole.
        #expect(try value(part, type + "; charset=utf-8") == "Код")
        let field = "--b\r\nContent-Disposition: form-data; name=_charset_\r\n\r\nwindows-1251\r\n"
        #expect(try value(Array(field.utf8) + multipart(Self.cyrillic), type) == "Код")
    }

    @Test func `bytes that are no text are refused with what to do`() {
        for (body, type) in [
            (Array("message=%ca%ee%e4".utf8), Self.form), (Array("message=%ca%ee%e4".utf8), nil),
            (multipart(Self.cyrillic), "multipart/form-data; boundary=b"),
        ] {
            let failure = #expect(throws: FormBody.Failure.self) { try value(body, type) }
            #expect(failure == .bytes(.utf8, isStated: false))
            #expect(failure?.sentence.contains("charset=windows-1251") == true)
        }
    }

    @Test func `a charset that is not known is refused by name`() {
        let failure = #expect(throws: FormBody.Failure.self) {
            try value(Array("message=x".utf8), "\(Self.form); charset=koi8-r")
        }
        #expect(failure == .charset("koi8-r"))
        #expect(failure?.sentence.contains("koi8-r") == true)
        let hostile = FormBody.Failure.charset("a\u{1B}[31m" + String(repeating: "x", count: 1_000))
        #expect(!hostile.sentence.contains("\u{1B}"))
        #expect(hostile.sentence.count < 200)
    }

    @Test func `what cannot be asked for again is read as well as it can be`() throws {
        let pairs = try FormBody.pairs(of: Array("a=%ff&b=1".utf8), contentType: nil, isLenient: true)
        #expect(pairs.map(\.value) == ["\u{FFFD}", "1"])
    }

    @Test func `JSON is UTF-8 unless it says otherwise`() throws {
        let document = Array("\"".utf8) + Self.cyrillic + Array("\"".utf8)
        #expect(throws: FormBody.Failure.self) { try FormBody.utf8(of: document, contentType: "application/json") }
        let read = try FormBody.utf8(of: document, contentType: "application/json; charset=windows-1251")
        #expect(String(decoding: read, as: UTF8.self) == "\"Код\"")
    }

    @Test(arguments: [
        ("Multipart/Form-Data ; BOUNDARY=\"a;b\"", "multipart/form-data", "a;b"), ("text/plain", "text/plain", nil),
        ("multipart/form-data;boundary=x;boundary=y", "multipart/form-data", "x"),
    ])
    func `a content type is taken apart`(field: String, type: String, boundary: String?) {
        #expect(ContentType(field).mediaType == type)
        #expect(ContentType(field)["boundary"] == boundary)
    }
}
