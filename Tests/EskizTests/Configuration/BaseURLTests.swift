import Eskiz
import Testing

struct BaseURLTests {
    @Test(arguments: [
        ("https://notify.eskiz.uz/api", "https://notify.eskiz.uz/api"),
        ("https://notify.eskiz.uz/api/", "https://notify.eskiz.uz/api"),
        ("https://notify.eskiz.uz//api//", "https://notify.eskiz.uz/api"),
        ("https://notify.eskiz.uz", "https://notify.eskiz.uz/api"),
        ("https://notify.eskiz.uz/", "https://notify.eskiz.uz/api"),
        ("HTTPS://Notify.Eskiz.UZ/api", "https://notify.eskiz.uz/api"),
        ("https://gateway.example.test:8443/sms/api", "https://gateway.example.test:8443/sms/api"),
        ("http://127.0.0.1:9080/api", "http://127.0.0.1:9080/api"),
        ("http://127.8.9.10:9080", "http://127.8.9.10:9080/api"),
        ("http://localhost:9080/api", "http://localhost:9080/api"),
        ("http://[::1]:9080/api", "http://[::1]:9080/api"),
        ("https://[2001:db8::1]/api", "https://[2001:db8::1]/api"),
        ("https://10.0.0.1/API", "https://10.0.0.1/API"),
    ])
    func `what is typed is brought into one form`(text: String, expected: String) throws {
        #expect(try BaseURL(text).absoluteString == expected)
    }

    @Test(arguments: ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "https://127.0.0.1/"])
    func `this machine is known as such`(text: String) throws {
        #expect(try BaseURL(text).isLoopback)
    }

    @Test(arguments: [
        "http://notify.eskiz.uz/api", "http://10.0.0.1/api", "http://128.0.0.1/", "http://127.0.0.1.example.test/",
        "http://localhost.example.test/", "http://0177.0.0.1/", "http://127.1/", "http://2130706433/", "http://[::2]/",
        "http://[::ffff:10.0.0.1]/",
    ])
    func `plain http to anywhere else is refused`(text: String) {
        #expect { try BaseURL(text) } throws: { error in
            let error = error as? EskizError
            return error?.code == .invalidConfiguration && error?.summary.contains("plain http") == true
        }
    }

    @Test func `plain http is allowed to hosts that are named for it`() throws {
        let base = try BaseURL("http://Eskiz:9080", insecureHosts: ["eskiz", "10.0.0.5"])
        #expect(base.absoluteString == "http://eskiz:9080/api" && base.isInsecure)
        #expect(try !BaseURL("https://eskiz/", insecureHosts: ["eskiz"]).isInsecure)
        #expect(try !BaseURL("http://127.0.0.1/").isInsecure)
        for address in ["http://eskiz.example.test/", "http://10.0.0.50/", "http://neskiz/"] {
            #expect(throws: EskizError.self) { try BaseURL(address, insecureHosts: ["eskiz", "10.0.0.5"]) }
        }
    }

    @Test(arguments: [
        "", " ", "notify.eskiz.uz/api", "ftp://notify.eskiz.uz/api", "https://", "https:///api", "https://:443/api",
        "https://user:secret@notify.eskiz.uz/api", "https://notify.eskiz.uz@evil.example.test/api",
        "https://notify.eskiz.uz/api?x=1", "https://notify.eskiz.uz/api#x", "https://notify.eskiz.uz:0/api",
        "https://notify.eskiz.uz:65536/api", "https://notify.eskiz.uz:/api", "https://notify.eskiz.uz:4a/api",
        "https://notify.eskiz.uz\\@evil.example.test/", "https://notify eskiz.uz/", "https://notify..eskiz.uz/",
        "https://[::1/api", "https://[::1]x/api", "https://[localhost]/api", "https://нотифай.уз/api",
        "https://notify.eskiz.uz/api\r\nX: y", "javascript:alert(1)",
        "https://notify.eskiz.uz/../api", "https://notify.eskiz.uz/%2e%2e/api", "https://notify.eskiz.uz/a%zz",
        "https://notify.eskiz.uz/\"", "https://notify.eskiz.uz/{api}",
    ])
    func `what could be read in two ways is refused, without being repeated`(text: String) {
        #expect { try BaseURL(text) } throws: { error in
            guard let error = error as? EskizError else { return false }
            return error.code == .invalidConfiguration && !"\(error)".contains("secret")
        }
    }

    @Test func `an endpoint is added with one slash and an encoded query`() throws {
        let base = try BaseURL("http://127.0.0.1:9080/api/")
        #expect(base.appending("message/sms/send") == "http://127.0.0.1:9080/api/message/sms/send")
        #expect(base.appending("a", query: [("x", "1 2"), ("y", "&")]) == "http://127.0.0.1:9080/api/a?x=1+2&y=%26")
    }
}
