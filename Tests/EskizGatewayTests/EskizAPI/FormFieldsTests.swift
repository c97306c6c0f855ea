import EskizHTTP
import Testing

@testable import EskizGateway

struct FormFieldsTests {
    private static let json = #"{"mobile_phone":998901234567,"message":"Kod: 1 & 2 + 3","from":"4546","x":null}"#
    private static let form = "mobile_phone=998901234567&message=Kod%3A+1+%26+2+%2b+3&from=4546"
    private static let multipart = """
        --b\r\nContent-Disposition: form-data; name="mobile_phone"\r\n\r\n998901234567\r
        --b\r\nContent-Disposition: form-data; name="message"\r\n\r\nKod: 1 & 2 + 3\r
        --b\r\ncontent-disposition: form-data; name=from\r\nContent-Type: text/plain\r\n\r\n4546\r
        --b--\r\n
        """

    @Test(arguments: [
        ("application/json", json), ("application/json; charset=utf-8", json), (nil, json), ("text/plain", json),
        ("application/x-www-form-urlencoded", form), (nil, form),
        ("Application/X-WWW-Form-URLEncoded; charset=UTF-8", form),
        ("multipart/form-data; boundary=b", multipart), ("multipart/form-data; boundary=\"b\"", multipart),
        ("Multipart/Form-Data;charset=utf-8;BOUNDARY=b", multipart),
    ])
    func `the same fields are read from every encoding`(type: String?, body: String) throws {
        let fields = try FormFields(Array(body.utf8), contentType: type)
        #expect(fields["mobile_phone"] == "998901234567")
        #expect(fields["message"] == "Kod: 1 & 2 + 3")
        #expect(fields["from"] == "4546")
        #expect(fields["x"] == nil)
    }

    @Test(arguments: [
        ("application/json", ""), ("application/json", "{"), ("application/json", "[1]"), ("application/json", "\"a\""),
        ("application/json", "a=1"), ("multipart/form-data", "--b\r\n"), ("multipart/form-data; boundary=", "--\r\n"),
        ("multipart/form-data; boundary=b", "no form at all"), ("multipart/form-data; boundary=b", "--b--\r\n"),
        ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\""),
        ("multipart/from-data; boundary=b", ""), ("application/x-www-form-urlencoded", "&&="),
    ])
    func `what cannot be read has no fields`(type: String, body: String) throws {
        let fields = try FormFields(Array(body.utf8), contentType: type)
        #expect(fields["a"] == nil)
        #expect(fields["mobile_phone"] == nil)
        #expect(fields.list("messages") == nil)
    }

    @Test func `bytes that are no text do no harm`() throws {
        for type in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""] {
            for body in [[0xFF, 0xFE, 0x00], [UInt8](repeating: 0x2D, count: 5_000), Array("--b\n\n\n--b".utf8)] {
                #expect(FormFields(lenient: body, contentType: type)["a"] == nil)
            }
        }
    }

    @Test(arguments: [
        ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41", "A"), ("a+b", "a b"), ("%2B", "+"), ("o%CA%BBzbek", "oʻzbek"),
        ("a%3Db=c", "a=b=c"),
    ])
    func `escapes are undone and broken ones stay`(written: String, read: String) throws {
        #expect(try FormFields(Array("m=\(written)".utf8), contentType: nil)["m"] == read)
    }

    @Test func `of a name that comes twice the last counts`() throws {
        #expect(try FormFields(Array("a=1&a=2".utf8), contentType: nil)["a"] == "2")
    }

    @Test func `a text may hold the boundary`() throws {
        let body = "--b\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\nx --b y\n--bz\r\n--b--"
        let fields = try FormFields(Array(body.utf8), contentType: "multipart/form-data; boundary=b")
        #expect(fields["m"] == "x --b y\n--bz")
    }

    @Test func `line ends within a text stay, and bare line feeds are tolerated`() throws {
        let body = "--b\nContent-Disposition: form-data; name=\"m\"\n\none\r\ntwo\n\n--b--\n"
        let fields = try FormFields(Array(body.utf8), contentType: "multipart/form-data; boundary=b")
        #expect(fields["m"] == "one\r\ntwo\n")
    }

    @Test func `no form has more fields than the limit`() throws {
        let pairs = (0..<5_000).map { "f\($0)=1" }.joined(separator: "&")
        #expect(try FormFields(Array(pairs.utf8), contentType: nil).texts.count == FormBody.fieldLimit)
        let parts = (0..<5_000).map { "--b\r\nContent-Disposition: form-data; name=f\($0)\r\n\r\n1\r\n" }.joined()
        let fields = try FormFields(Array((parts + "--b--").utf8), contentType: "multipart/form-data; boundary=b")
        #expect(fields.texts.count == FormBody.fieldLimit)
    }

    @Test func `a nesting that is meant to hurt is refused`() throws {
        let deep = String(repeating: "[", count: 200_000)
        #expect(try FormFields(Array(#"{"a":\#(deep)"#.utf8), contentType: "application/json")["a"] == nil)
    }

    @Test(arguments: [
        #"{"messages":[{"to":998901234567,"text":"a"},{"to":"998901234568","text":"b"}]}"#,
        #"messages=[{"to":998901234567,"text":"a"},{"to":"998901234568","text":"b"}]"#,
    ])
    func `a list is read from JSON and from the JSON text of a form field`(body: String) throws {
        let list = try FormFields(Array(body.utf8), contentType: nil).list("messages")
        #expect(list == [["to": "998901234567", "text": "a"], ["to": "998901234568", "text": "b"]])
    }
}
