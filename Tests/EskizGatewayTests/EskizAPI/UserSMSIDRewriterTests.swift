import EskizQueue
import Testing

@testable import EskizGateway

struct UserSMSIDRewriterTests {
    private static let names: [MessageID: String?] = [
        MessageID(100_000_000_001): "1001", MessageID(100_000_000_002): nil,
        MessageID(100_000_000_003): "007", MessageID(100_000_000_004): "a\"b",
    ]

    @Test(arguments: [
        // Ours, as text and as a number.
        (#"{"user_sms_id":"100000000001"}"#, #"{"user_sms_id":"1001"}"#),
        (#"{"user_sms_id":100000000001}"#, #"{"user_sms_id":1001}"#),
        (#"{"a":1, "user_sms_id" : "100000000001" , "b":2}"#, #"{"a":1, "user_sms_id" : "1001" , "b":2}"#),
        ("{\n\t\"user_sms_id\":\r\n 100000000001\n}", "{\n\t\"user_sms_id\":\r\n 1001\n}"),
        // The client gave none.
        (#"{"user_sms_id":"100000000002"}"#, #"{"user_sms_id":null}"#),
        (#"{"user_sms_id":100000000002,"x":0}"#, #"{"user_sms_id":null,"x":0}"#),
        // No number can be written with a leading zero.
        (#"{"user_sms_id":100000000003}"#, #"{"user_sms_id":"007"}"#),
        (#"{"user_sms_id":"100000000004"}"#, #"{"user_sms_id":"a\"b"}"#),
        // Several.
        (
            #"[{"user_sms_id":"100000000001"},{"user_sms_id":"5"},{"user_sms_id":"100000000002"}]"#,
            #"[{"user_sms_id":"1001"},{"user_sms_id":"5"},{"user_sms_id":null}]"#
        ),
    ])
    func `our numbers become the client's own`(answer: String, expected: String) {
        #expect(
            String(decoding: UserSMSIDRewriter(in: Array(answer.utf8)).replacing(Self.names), as: UTF8.self) == expected
        )
    }

    @Test(arguments: [
        "", "{}", "null", "\"user_sms_id\"", "{\"user_sms_id\"", "{\"user_sms_id\":", "{\"user_sms_id\":\"",
        "{\"user_sms_id\":\"100000000001", "{\"user_sms_id\":100000000001",
        #"{"user_sms_id":null}"#, #"{"user_sms_id":""}"#, #"{"user_sms_id":"sms1"}"#, #"{"user_sms_id":"<nil>"}"#,
        #"{"user_sms_id":"0100000000001"}"#, #"{"user_sms_id":"1000000000010"}"#, #"{"user_sms_id":100000000001.5}"#,
        #"{"user_sms_id":100000000001e1}"#, #"{"user_sms_id":["100000000001"]}"#, #"{"user_sms_id":{}}"#,
        #"{"other":"100000000001","id":100000000001}"#, #"{"my_user_sms_id":"100000000001"}"#,
        #"{"user_sms_id_":"100000000001"}"#,
        // A text that talks of it.
        #"{"message":"{\"user_sms_id\":\"100000000001\"}"}"#, #"["user_sms_id","100000000001"]"#,
        #"{"x":"user_sms_id","y":"100000000001"}"#,
        // Somebody else's.
        #"{"user_sms_id":"999"}"#, #"{"user_sms_id":100000000009}"#,
    ])
    func `everything else stays byte by byte`(answer: String) {
        #expect(UserSMSIDRewriter(in: Array(answer.utf8)).replacing(Self.names) == Array(answer.utf8))
    }

    @Test(arguments: [
        ("user_sms_id\n100000000001\n", "user_sms_id\n1001\n"),
        ("id;user_sms_id\r\n1;\"100000000001\"\r\n2;100000000002\r\n3;", "id;user_sms_id\r\n1;\"1001\"\r\n2;\r\n3;"),
        ("\u{FEFF}\"user_sms_id\",to\n100000000001,1", "\u{FEFF}\"user_sms_id\",to\n1001,1"),
        ("a,user_sms_id,b\n\"x,\n\",100000000001,100000000001", "a,user_sms_id,b\n\"x,\n\",1001,100000000001"),
        // A short line, no heading, nothing at all.
        ("a,user_sms_id\n100000000001\n1,100000000003", "a,user_sms_id\n100000000001\n1,007"),
        ("a,b\n1,100000000001\n", "a,b\n1,100000000001\n"), ("", ""), ("\n\n", "\n\n"), ("user_sms_id", "user_sms_id"),
        ("a,user_sms_id\n1,\"100000000001", "a,user_sms_id\n1,\"100000000001"),
    ])
    func `the cells of a table become the client's own`(table: String, expected: String) {
        #expect(
            String(decoding: UserSMSIDRewriter(inTable: Array(table.utf8)).replacing(Self.names), as: UTF8.self)
                == expected
        )
    }

    @Test func `bytes that are no text stay as they are`() {
        let answer: [UInt8] = [0xFF, 0x00] + Array(#"{"user_sms_id":"100000000001"}"#.utf8) + [0xFE]
        let expected: [UInt8] = [0xFF, 0x00] + Array(#"{"user_sms_id":"1001"}"#.utf8) + [0xFE]
        #expect(UserSMSIDRewriter(in: answer).replacing(Self.names) == expected)
    }

    @Test func `each number is asked for once`() {
        let answer = #"[{"user_sms_id":"7"},{"user_sms_id":"5"},{"user_sms_id":7}]"#
        #expect(UserSMSIDRewriter(in: Array(answer.utf8)).ids == [MessageID(7), MessageID(5)])
    }
}
