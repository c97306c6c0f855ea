import Eskiz
import EskizWords
import Testing

@testable import EskizCommands

/// What `eskiz doctor` makes of a gateway's answer.
struct ExaminationTests {
    private static func examination(_ checks: (name: String, result: String, code: String)...) throws -> Examination {
        let failed = checks.count { $0.result == "failed" }
        let warnings = checks.count { $0.result == "warning" }
        let members = checks.map { check in
            #"{"check":"\#(check.name)","result":"\#(check.result)","code":"\#(check.code)","finding":"Its own words","#
                + #""remedy":"Its own remedy","count":3,"error":"timed_out"}"#
        }
        let document =
            #"{"at":"2027-01-15T08:00:00.000Z","ok":\#(failed == 0),"failed":\#(failed),"warnings":\#(warnings),"#
            + #""checks":[\#(members.joined(separator: ","))]}"#
        return try Examination(Array(document.utf8))
    }

    @Test(arguments: [
        ("held_failures", Status.unavailable), ("held_credentials", .credentials),
        ("held_balance", .refused),
        ("held_configuration", .configuration), ("store_failed", .inputOutput), ("disk_full", .inputOutput),
        ("token_dead", .credentials), ("token_absent", .credentials), ("token_missing", .credentials),
        ("credentials_refused", .credentials), ("balance_empty", .refused), ("of_next_year", .unavailable),
    ])
    func `the exit status is that of the failure`(code: String, status: Status) throws {
        #expect(try Self.examination(("sending", "failed", code)).status == status)
        #expect(try Self.examination(("sending", "warning", code)).status == .success)
    }

    @Test func `the worst failure wins, and warnings are none`() throws {
        let examination = try Self.examination(
            ("sending", "failed", "held_failures"),
            ("token", "failed", "token_dead"),
            ("webhooks", "warning", "webhooks_dead")
        )
        #expect(examination.status == .credentials)
        #expect(examination.text(on: Page()).hasSuffix("Broken: 2; to look at: 1. Start with the first ✗."))
    }

    @Test func `a person reads it in their language, a mark and a remedy for each`() throws {
        let examination = try Self.examination(
            ("token", "ok", "token_renewing"),
            ("webhooks", "warning", "webhooks_dead")
        )
        let russian = examination.text(on: Page(language: .russian))
        #expect(russian.contains("✓ Токен    Обновляется"))
        #expect(russian.contains("! Вебхуки  Брошено, потому что приложения их не приняли: 3"))
        #expect(russian.contains("→ Ответы приложения покажет `eskiz explain ID`"))
        #expect(russian.hasSuffix("Работает; обратите внимание: 1."))
    }

    @Test func `what only a newer gateway finds is told in its own words`() throws {
        let text = try Self.examination(("weather", "warning", "rain")).text(on: Page(language: .uzbek))
        #expect(text.hasPrefix("! weather  Its own words\n") && text.contains("→ Its own remedy"))
    }

    @Test(arguments: ["", "[]", "{}", "<html>"])
    func `anything else is no answer of a gateway`(document: String) {
        #expect(throws: (any Error).self) { try Examination(Array(document.utf8)) }
    }
}
