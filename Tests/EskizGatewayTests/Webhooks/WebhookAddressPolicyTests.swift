import Testing

@testable import EskizGateway

struct WebhookAddressPolicyTests {
    @Test(arguments: [
        ("8.8.8.8", AddressKind.global), ("1.0.0.0", .global), ("9.255.255.255", .global), ("11.0.0.0", .global),
        ("100.63.255.255", .global), ("100.128.0.0", .global), ("126.255.255.255", .global), ("128.0.0.1", .global),
        ("169.253.255.255", .global), ("169.255.0.0", .global), ("172.15.255.255", .global), ("172.32.0.0", .global),
        ("192.167.255.255", .global), ("192.169.0.0", .global), ("198.17.255.255", .global), ("198.20.0.0", .global),
        ("223.255.255.255", .global), ("2a00:1450:4001::1", .global), ("2606:4700::1111", .global),
        ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
        ("0:0:0:0:0:0:0:1", .loopback), ("::ffff:127.0.0.1", .loopback), ("::ffff:7f00:1", .loopback),
        ("64:ff9b::7f00:1", .loopback), ("2002:7f00:1::", .loopback), ("::127.0.0.1", .loopback),
        ("10.0.0.0", .private), ("10.255.255.255", .private), ("172.16.0.0", .private), ("172.31.255.255", .private),
        ("192.168.0.1", .private), ("100.64.0.0", .private), ("100.127.255.255", .private), ("169.254.0.1", .private),
        ("fc00::", .private), ("fd12:3456::1", .private), ("fdff::", .private), ("fe80::1", .private),
        ("febf::1", .private), ("fec0::1", .private), ("::ffff:10.0.0.1", .private), ("64:ff9b::a00:1", .private),
        ("64:ff9b:1::1", .private), ("2002:c0a8:101::", .private), ("::10.0.0.1", .private),
        ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("100.100.100.200", .metadata),
        ("168.63.129.16", .metadata), ("fd00:ec2::254", .metadata), ("::ffff:169.254.169.254", .metadata),
        ("64:ff9b::a9fe:a9fe", .metadata), ("2002:a9fe:a9fe::1", .metadata),
        ("0.0.0.0", .unusable), ("0.1.2.3", .unusable), ("192.0.0.1", .unusable), ("192.0.2.1", .unusable),
        ("192.88.99.1", .unusable), ("198.18.0.1", .unusable), ("198.19.255.255", .unusable),
        ("198.51.100.1", .unusable), ("203.0.113.1", .unusable), ("224.0.0.1", .unusable),
        ("239.255.255.255", .unusable), ("240.0.0.1", .unusable), ("255.255.255.255", .unusable), ("::", .unusable),
        ("::ffff:0.0.0.0", .unusable), ("2001:db8::1", .unusable), ("2001::1", .unusable), ("2001:2::1", .unusable),
        ("3fff::1", .unusable), ("100::1", .unusable), ("ff02::1", .unusable), ("4000::1", .unusable),
        ("fe00::1", .unusable), ("5f00::1", .unusable), ("ff0e::1", .unusable),
    ])
    func `an address is what the registries say, whatever it is wrapped in`(text: String, kind: AddressKind) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressKind(address) == kind)
        // Its own spelling means the same.
        #expect(IPAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ", "::g", "1::2::3", "fe80::1%eth0",
        "[::1]", "12345::", "1.2.3.4\u{0}",
    ])
    func `a loose spelling is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("https://example.test/hook?a=1&b=%20#top", "https://example.test/hook?a=1&b=%20", "example.test", 443),
        ("http://Example.TEST", "http://example.test/", "example.test", 80),
        ("HTTPS://example.test:8443?x=1", "https://example.test:8443/?x=1", "example.test", 8_443),
        ("http://8.8.8.8/", "http://8.8.8.8/", "8.8.8.8", 80),
        ("http://[2606:4700::1111]:81/x", "http://[2606:4700::1111]:81/x", "2606:4700::1111", 81),
        ("https://xn--80ak6aa92e.test/", "https://xn--80ak6aa92e.test/", "xn--80ak6aa92e.test", 443),
        ("https://example.test./", "https://example.test./", "example.test.", 443),
    ])
    func `a good address is taken apart once`(text: String, url: String, host: String, port: Int) throws {
        let address = try WebhookAddressPolicy().accept(text)
        #expect(address.url == url)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: [
        "", "example.test", "//example.test", "ftp://example.test/", "file:///etc/passwd", "javascript:alert(1)",
        "gopher://example.test/", "https://", "https:///x", "https://user@example.test/", "https://u:p@example.test/",
        "https://example.test\\@127.0.0.1/", "https://exa mple.test/", "https://example.test:0/",
        "https://example.test:99999/", "https://example.test:8a/", "https://éxample.test/", "https://[::1",
        "https://[fe80::1%25eth0]/", "https://.test/", "https://a..b/", "https://example.test/\r\nX: y",
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
        "http://LOCALHOST:8080/", "http://localhost./", "http://a.localhost/", "http://10.0.0.1/",
        "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]/", "http://0.0.0.0/",
        "http://[::]/", "http://[64:ff9b::7f00:1]/", "http://100.64.0.1/", "http://224.0.0.1/",
        "https://example.test/" + String(repeating: "a", count: 2_100),
    ])
    func `a bad address is refused by its text`(text: String) {
        #expect(throws: WebhookAddressRefusal.self) { try WebhookAddressPolicy().accept(text) }
    }

    @Test(arguments: ["http://127.0.0.1:9000/", "http://[::1]/", "http://localhost/", "http://a.localhost:1/"])
    func `this machine is allowed by its own setting only`(text: String) throws {
        #expect(throws: WebhookAddressRefusal.self) { try WebhookAddressPolicy(allowsPrivate: true).accept(text) }
        #expect(throws: Never.self) { try WebhookAddressPolicy(allowsLoopback: true).accept(text) }
    }

    @Test(arguments: ["http://10.0.0.1/", "http://192.168.1.1/", "http://[fd12::1]/", "http://169.254.0.1/"])
    func `a private network is allowed by its own setting only`(text: String) throws {
        #expect(throws: WebhookAddressRefusal.self) { try WebhookAddressPolicy(allowsLoopback: true).accept(text) }
        #expect(throws: Never.self) { try WebhookAddressPolicy(allowsPrivate: true).accept(text) }
    }

    @Test(arguments: ["http://169.254.169.254/", "http://[fd00:ec2::254]/", "http://224.0.0.1/", "http://0.0.0.0/"])
    func `metadata and addresses of nobody are never allowed`(text: String) throws {
        let policy = WebhookAddressPolicy(allowsPrivate: true, allowsLoopback: true)
        #expect(throws: WebhookAddressRefusal.self) { try policy.accept(text) }
    }
}
