import EskizPages
import EskizWords
import Testing

@testable import EskizSimulator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct PageRenderingTests {
    private static let hostile = "<script>alert(1)</script> \"quoted\" 'single' & <img src=x onerror=alert(2)>"

    @Test(arguments: ["/", "/calls/2", "/messages/90000001"])
    func `what a message says is text on every page`(path: String) throws {
        var page = try PageBench()
        #expect(try page.send(Self.hostile) == 90_000_001)
        let html = page.html(path)
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("<img"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(!html.contains("\"quoted\""))
    }

    @Test func `a search is text in its field, in the answer and in every address`() throws {
        var page = try PageBench()
        _ = try page.send("Salom")
        for query in [[("q", Self.hostile)], [("q", Self.hostile), ("to", "998901234567")]] {
            let html = page.html("/", query: query)
            #expect(!html.contains("<script>alert"))
            #expect(!html.contains("<img"))
            #expect(html.contains("value=\"&lt;script&gt;"))
        }
    }

    @Test func `what a template or a fault says is text`() throws {
        var page = try PageBench()
        _ = try page.bench.call("POST", "user/template", ["template": .string(Self.hostile)])
        _ = try page.bench.provider.faults.add(["route": .string(Self.hostile), "outcome": 500])
        try page.bench.set(["forbidden_words": [.string(Self.hostile)]])
        let html = page.html("/controls")
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("<img"))
    }

    private static let faults: [(JSON, String)] = [
        ("401_storm", "Шторм 401"), ("silence", "молчание, не принято"), (429, "429: слишком много запросов"),
        (418, "статус 418"), (["status": 500, "after_processing": true], "500: ошибка сервера, но принято"),
        (["delay": "2s"], "с задержкой 2 s"),
    ]

    @Test(arguments: faults)
    func `a fault is said in the language of the reader, wherever it is shown`(outcome: JSON, words: String) throws {
        var page = try PageBench()
        let fault = try page.bench.provider.faults.add(["route": "*", "outcome": outcome])
        let isWhole = page.html("/controls", language: "ru").contains(
            "<span\n  class=\"badge tone-bad\">\(words)</span>"
        )
        #expect(isWhole, "in the list of faults")
        _ = page.bench.handle("POST", "message/sms/send", fault: fault.outcome)
        let call = page.bench.provider.ledger.nextNumber - 1
        #expect(page.html("/calls/\(call)", language: "ru").contains("<dd>\(words)</dd>"))
        #expect(page.bench.provider.ledger.calls.last?.fault?.name == fault.outcome.name)
    }

    @Test(arguments: Language.allCases, PageBench.paths)
    func `every page keeps the policy and is complete in every language`(language: Language, path: String) throws {
        let page = try PageBench.busy()
        let answer = page.page(path, language: language.rawValue)
        let html = String(decoding: answer.body, as: UTF8.self)
        #expect(html.hasPrefix("<!doctype html>\n<html lang=\"\(language.rawValue)\">"))
        #expect(html.contains("</html>"))
        #expect(!html.contains("{{"))
        #expect(!html.contains("Optional("))
        for inline in [" style=", "<style", "javascript:", " onclick", " onload", " onerror"] {
            #expect(!html.contains(inline), "\(inline)")
        }
        #expect(html.components(of: "<script").count == 2)
        #expect(html.contains("<script src=\"/assets/inbox.js?v="))
        #expect(answer.contentType == "text/html; charset=utf-8")
        let policy = answer.headers.first { $0.name == "Content-Security-Policy" }?.value ?? ""
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    }

    @Test func `no file and no page names another host`() throws {
        let page = try PageBench.busy()
        let pages = PageBench.paths.map { page.html($0) }
        let files = PageAsset.all.map { String(decoding: $0.body, as: UTF8.self) }
        for text in pages + files {
            for piece in text.components(of: "://").dropFirst() {
                let host = piece.prefix { $0.isLetter || $0.isNumber || ".:[]".contains($0) }
                // The name of a format is an address that nobody asks.
                #expect(["127.0.0.1:9080", "www.w3.org", "127.0.0.1"].contains(host), "\(host)")
            }
            #expect(!text.contains("url(") && !text.contains("@import") && !text.contains("\"//"))
        }
    }

    @Test func `no template has a field that is not escaped, and each phrase it wants exists`() {
        for (template, text) in PageTemplate.texts {
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(template)")
            for piece in text.components(of: "{{t.").dropFirst() {
                let name = String(piece.prefix { $0 != "}" })
                #expect(Phrase(rawValue: name) != nil, "\(template): \(name)")
            }
        }
    }

    @Test func `every template has a file of its name, and every file is a template`() throws {
        let source = URL(filePath: #filePath).appending(path: "../../../../Sources/EskizSimulator/Pages/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: source.standardized.path)
        let names = files.filter { $0.hasSuffix(".mustache") }.map { String($0.dropLast(9)) }
        #expect(Set(names) == Set(PageTemplate.texts.keys) && names.count == PageTemplate.allCases.count)
    }

    @Test func `a message goes from waiting to delivered before one's eyes`() throws {
        var page = try PageBench()
        _ = try page.send("Tasdiqlash kodi: 482915")
        var seen: [String] = []
        for _ in 0..<5 {
            let html = page.html("/")
            let badge = try #require(html.components(of: "is-pending").count == 2 ? "pending" : "final")
            let states = ["waiting", "stored", "with the operator", "delivered"]
            seen.append("\(states.first { html.contains(">\($0)</span></p>") } ?? "none") \(badge)")
            page.bench.pass(.milliseconds(100))
        }
        #expect(
            seen == [
                "waiting pending", "stored pending", "with the operator pending", "with the operator pending",
                "delivered final",
            ]
        )
    }

    @Test func `a message shows its code, encoding, segments and price`() throws {
        var page = try PageBench()
        _ = try page.send("Toʻlov kodi: 77 00 12")
        let html = page.html("/")
        #expect(html.contains("data-copy=\"770012\" aria-label=\"Copy the code 770012\""))
        #expect(html.contains("<title>770012 · Eskiz simulator</title>"))
        #expect(html.contains("UCS-2") && html.contains("1 SMS") && html.contains("95\u{A0}soʻm"))
        let details = page.html("/messages/90000001")
        #expect(details.contains("<dd>ʻ</dd>"), "the costly character")
        #expect(details.contains("TOKEN=$(curl"))
    }

    @Test func `a message is found by its number and by the id of its send`() throws {
        var page = try PageBench()
        _ = try page.send("Salom")
        let id = try #require(page.bench.provider.messages.oldestFirst.last?.requestID)
        #expect(page.page("/messages/\(id)").status == 200)
        #expect(page.page("/messages/90000001").status == 200)
        #expect(page.page("/messages/90000002").status == 404)
        #expect(page.page("/messages/nonsense").status == 404)
        #expect(page.page("/calls/99").status == 404)
    }

    @Test(arguments: [
        ("482", true), ("+998 90 123", true), ("Tasdiqlash", true), ("TASDIQ", true), ("salom", false),
        ("99893", false),
    ])
    func `a search finds numbers, texts and codes`(query: String, isFound: Bool) throws {
        var page = try PageBench()
        _ = try page.send("Tasdiqlash kodi: 482915")
        #expect(page.html("/", query: [("q", query)]).contains("id=\"m-90000001\"") == isFound)
    }

    @Test func `the phone of the address is shown, else the newest`() throws {
        var page = try PageBench()
        _ = try page.bench.send([("mobile_phone", "998900000001"), ("message", "Birinchi")])
        _ = try page.bench.send([("mobile_phone", "998900000002"), ("message", "Ikkinchi")])
        #expect(page.html("/").contains("id=\"m-90000002\""))
        let asked = page.html("/", query: [("to", "+998 90 000 00 01")])
        #expect(asked.contains("id=\"m-90000001\"") && !asked.contains("id=\"m-90000002\""))
    }

    @Test func `a renewal is one item of the ledger, its steps in order`() throws {
        let html = try PageBench.busy().html("/calls")
        #expect(html.contains("Refused, renewed, sent again"))
        let flow = try #require(html.components(of: "class=\"flow\"").last)
        let places = ["send 401", "refresh 401", "login 200", "send 200"].map { flow.components(of: $0)[0].count }
        #expect(places == places.sorted() && places.last ?? 0 < flow.components(of: "</p>")[0].count)
    }

    @Test(arguments: CallList.Filter.allCases)
    func `the ledger is narrowed by an address`(filter: CallList.Filter) throws {
        let html = try PageBench.busy().html("/calls", query: [("show", filter.rawValue)])
        #expect(html.contains("id=\"c-1\"") == [.all, .credentials].contains(filter), "a login")
        #expect(html.contains("id=\"c-2\"") == [.all, .sends].contains(filter), "a send that was taken")
    }

    @Test func `the controls show every switch, what is changed, and the faults`() throws {
        let html = try PageBench.busy().html("/controls")
        for known in BehaviourSwitch.all { #expect(html.contains("name=\"\(known.name)\""), "\(known.name)") }
        #expect(html.components(of: "is-changed").count - 1 == 2, "old_token and lock_after")
        #expect(html.contains("data-call=\"DELETE /_simulator/faults/1\""))
        #expect(html.contains("Bring back"))
    }

    @Test func `an empty simulator says how to begin`() throws {
        let html = try PageBench(account: nil).html("/")
        #expect(html.contains("http://127.0.0.1:9080/api"))
        #expect(html.contains("Waiting for the first message"))
    }
}

extension String {
    /// The pieces between the occurrences of a separator.
    func components(of separator: String) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(rest)]
    }
}
