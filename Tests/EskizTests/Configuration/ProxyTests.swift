import Eskiz
import Testing

struct ProxyTests {
    private func proxy(_ environment: [String: String], for url: String = "https://notify.eskiz.uz/api") throws
        -> EskizConfiguration.Proxy?
    {
        try EskizConfiguration.Proxy.fromEnvironment(environment, for: BaseURL(url))
    }

    @Test(arguments: [
        ("http://proxy.example.test:3128", "http://proxy.example.test:3128"),
        ("proxy.example.test:3128", "http://proxy.example.test:3128"),
        ("http://proxy.example.test", "http://proxy.example.test:80"),
        ("http://proxy.example.test/", "http://proxy.example.test:80"),
        ("socks5://10.0.0.1", "socks5://10.0.0.1:1080"),
        ("socks5h://10.0.0.1:9050", "socks5://10.0.0.1:9050"),
        ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"),
    ])
    func `a proxy is read from any usual spelling`(text: String, expected: String) throws {
        #expect(try EskizConfiguration.Proxy(text).description == expected)
    }

    @Test(arguments: [
        ("http://ali:p%40ss@proxy.example.test:3128", "ali:p@ss"), ("http://ali@proxy.example.test:3128", "ali:"),
    ])
    func `credentials are decoded and never printed`(text: String, credentials: String) throws {
        let proxy = try EskizConfiguration.Proxy(text)
        #expect(proxy.credentials?.reveal() == credentials)
        #expect(!"\(proxy) \(String(reflecting: proxy))".contains("ali"))
        var dumped = ""
        dump(proxy, to: &dumped)
        #expect(!dumped.contains("ali"))
    }

    @Test(arguments: [
        "https://proxy.example.test", "ftp://proxy.example.test", "http://", "http://a b", "socks5://u:p@10.0.0.1",
        "http://u%zz@proxy.example.test", "http://u%0d%0a@proxy.example.test", "http://proxy.example.test:99999",
    ])
    func `what cannot be a proxy is refused`(text: String) {
        #expect(throws: EskizError.self) { try EskizConfiguration.Proxy(text) }
    }

    @Test(arguments: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
    func `each of the usual variables is read`(name: String) throws {
        #expect(try proxy([name: "http://10.0.0.1:3128"])?.host == "10.0.0.1")
    }

    @Test func `the more special variable wins, and an empty one counts as not set`() throws {
        #expect(try proxy(["HTTPS_PROXY": "http://1.1.1.1:1", "ALL_PROXY": "http://2.2.2.2:2"])?.host == "1.1.1.1")
        #expect(try proxy(["https_proxy": "http://1.1.1.1:1", "HTTPS_PROXY": "http://2.2.2.2:2"])?.host == "1.1.1.1")
        #expect(try proxy(["HTTPS_PROXY": "", "ALL_PROXY": "http://2.2.2.2:2"])?.host == "2.2.2.2")
        #expect(try proxy(["HTTP_PROXY": "http://1.1.1.1:1"]) == nil)
    }

    @Test(arguments: ["http://127.0.0.1:9080", "http://localhost:9080", "http://[::1]:9080", "https://127.0.0.1"])
    func `this machine is always reached directly`(url: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://10.0.0.1:3128", "ALL_PROXY": "broken url"], for: url) == nil)
    }

    @Test(arguments: [
        ("*", true), ("notify.eskiz.uz", true), ("NOTIFY.ESKIZ.UZ", true), ("eskiz.uz", true), (".eskiz.uz", true),
        ("*.eskiz.uz", true), ("example.test, eskiz.uz", true), ("example.test eskiz.uz", true),
        ("notify.eskiz.uz:443", true), ("notify.eskiz.uz:8443", false), ("kiz.uz", false), ("uz.test", false),
        ("", false),
        ("other.eskiz.uz", false), ("*.notify.eskiz.uz.test", false), (".", false),
    ])
    func `NO_PROXY lists what is reached directly`(list: String, isDirect: Bool) throws {
        for name in ["NO_PROXY", "no_proxy"] {
            let proxy = try proxy(["HTTPS_PROXY": "http://10.0.0.1:3128", name: list])
            #expect((proxy == nil) == isDirect)
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "https://10.9.8.7/api", true), ("10.0.0.0/8", "https://11.9.8.7/api", false),
        ("10.9.8.7", "https://10.9.8.7/api", true), ("0.0.0.0/0", "https://10.9.8.7/api", true),
        ("10.9.8.7/32", "https://10.9.8.7/api", true), ("10.9.8.7/33", "https://10.9.8.7/api", false),
        ("10.0.0.0/8", "https://notify.eskiz.uz/api", false), ("[2001:db8::1]", "https://[2001:db8::1]/api", true),
        ("[2001:db8::1]:443", "https://[2001:db8::1]/api", true), ("2001:db8::1", "https://[2001:db8::1]/api", true),
        ("[2001:db8::1]:80", "https://[2001:db8::1]/api", false),
    ])
    func `NO_PROXY knows addresses and ranges`(list: String, url: String, isDirect: Bool) throws {
        let environment = ["HTTPS_PROXY": "http://10.0.0.1:3128", "NO_PROXY": list]
        let proxy = try proxy(environment, for: url)
        #expect((proxy == nil) == isDirect)
    }

    @Test func `a variable that cannot be used is named, and its value is not`() {
        #expect { try proxy(["HTTPS_PROXY": "https://ali:secret@proxy.example.test"]) } throws: { error in
            let text = "\(error)"
            return text.contains("HTTPS_PROXY") && !text.contains("secret") && !text.contains("ali")
        }
    }
}
