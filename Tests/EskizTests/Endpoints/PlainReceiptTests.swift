import Eskiz
import EskizTestSupport
import Testing

struct PlainReceiptTests {
    private func response(_ body: String) -> TransportResponse {
        TransportResponse(status: 200, body: Array(body.utf8))
    }

    @Test func `what Eskiz answers to a send is read without a decoder`() throws {
        let plain = try #require(PlainReceipt(try Fixture.response("send-4.1.json").body))
        #expect(plain.id == "5b1f0c6e-1111-4222-8333-944455566677")
        #expect(plain.message == "Waiting for SMS provider")
        #expect(plain.status == .waiting)
    }

    @Test(arguments: [
        #"{"status":"waiting","id":"1","message":"m"}"#,
        " {\r\n\t\"id\" : \"1\" ,\n \"message\":\"m\", \"status\":\"waiting\" }\n ",
        #"{"id":"1","message":"m","status":" Waiting "}"#,
    ])
    func `order, white space and case make no difference`(body: String) throws {
        let plain = try #require(PlainReceipt(Array(body.utf8)))
        #expect(plain.id == "1")
        #expect(plain.message == "m")
        #expect(plain.status == .waiting)
    }

    @Test(arguments: [
        "", "{", "{}", "null", "[]", "<html>",
        #"{"id":"1","message":"m"}"#,
        #"{"id":"1","message":"m","status":"error"}"#,
        #"{"id":"1","message":"m","status":"token-invalid"}"#,
        #"{"id":"1","message":"m","status":"waiting""#,
        #"{"id":"1","message":"m","status":"waiting",}"#,
        #"{"id":"1","message":"m","status":"waiting"}}"#,
        #"{"id":"1" "message":"m","status":"waiting"}"#,
        #"{"id":"","message":"m","status":"waiting"}"#,
        #"{"id":"<nil>","message":"m","status":"waiting"}"#,
        #"{"id":"1","message":"<nil>","status":"waiting"}"#,
        #"{"id":1,"message":"m","status":"waiting"}"#,
        #"{"id":"1","message":null,"status":"waiting"}"#,
        #"{"id":"1","message":"m","status":["waiting"]}"#,
        #"{"id":"1","message":"\u0041","status":"waiting"}"#,
        #"{"id":"1","message":"Ожидание","status":"waiting"}"#,
        #"{"id":"1","id":"2","message":"m","status":"waiting"}"#,
        #"{"ID":"1","message":"m","status":"waiting"}"#,
        #"{"id":"1","message":"m","status":"waiting","status_code":401}"#,
    ])
    func `anything else is left to the decoder`(body: String) {
        #expect(PlainReceipt(Array(body.utf8)) == nil)
    }

    /// The plain reading must never say anything that the forgiving one would not say: bodies that are receipts but for a
    /// few wrong bytes, and bodies that are put together from the pieces of receipts.
    @Test(arguments: 0..<8) func `both ways of reading agree on every body`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var plain = 0
        for _ in 0..<4_000 {
            let body = Bool.random(using: &random) ? Self.damaged(using: &random) : Self.assembled(using: &random)
            let response = TransportResponse(status: 200, body: body)
            let text = String(decoding: body, as: UTF8.self)
            #expect(SentMessage.receipt(response) == SentMessage.forgivingReceipt(response), "\(text)")
            if PlainReceipt(body) != nil { plain += 1 }
        }
        // The comparison is worth something only if both ways are taken.
        #expect((200..<3_800).contains(plain))
    }

    private static let receipt = Array(
        #"{"id":"5b1f0c6e-1111-4222-8333-944455566677","message":"Waiting for SMS provider","status":"waiting"}"#.utf8
    )

    /// A receipt with up to three bytes changed, left out or doubled.
    private static func damaged(using random: inout SplitMix64) -> [UInt8] {
        var body = receipt
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let place = Int.random(in: body.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: body[place] = .random(in: 0...255, using: &random)
            case 1: body.remove(at: place)
            case 2: body.insert(body[place], at: place)
            default: body.insert(Array("\"\\{}[]:, \n<".utf8).randomElement(using: &random) ?? 0, at: place)
            }
        }
        return body
    }

    private static let keys = ["id", "message", "status", "ID", "status_code", "i\\u0064", ""]
    private static let values = [
        #""waiting""#, #""Waiting""#, #""DELIVRD""#, #"" new ""#, #""error""#, #""queued""#, #""<nil>""#, #""""#,
        #""5b1f0c6e-1111""#, #""a\/b""#, #""\n""#, #""«»""#, #""\ud83d\ude00""#, "1", "-2", "5.5", "true", "null",
        #"["waiting","new"]"#, "[]", "{}", #"{"a":["b"]}"#, #"""#, "nul",
    ]
    private static let blanks = ["", "", "", "", " ", "\n", "\t", "\r\n", "\u{A0}", "\u{C}"]

    /// Keys and values in any number and order; the three that make a receipt more often than not.
    private static func assembled(using random: inout SplitMix64) -> [UInt8] {
        func blank(_ random: inout SplitMix64) -> String { blanks.randomElement(using: &random) ?? "" }
        var names = ["id", "message", "status"].shuffled(using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 { names.append(keys.randomElement(using: &random) ?? "") }
        if Int.random(in: 0..<8, using: &random) == 0 { names.removeFirst() }
        let fields = names.map { name in
            let isPlain = Int.random(in: 0..<5, using: &random) > 0
            let value = isPlain ? values.prefix(5).randomElement(using: &random) : values.randomElement(using: &random)
            return "\(blank(&random))\"\(name)\"\(blank(&random)):\(blank(&random))\(value ?? "")\(blank(&random))"
        }
        return Array("\(blank(&random)){\(fields.joined(separator: ","))}\(blank(&random))".utf8)
    }
}
