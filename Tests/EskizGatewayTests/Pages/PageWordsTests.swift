import Eskiz
import EskizPages
import EskizQueue
import EskizWords
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct PageWordsTests {
    @Test func `no two phrases have a name in common, and the files have words for each and for no other`() {
        #expect(PagePhrases.byName.count == PagePhrases.parts.reduce(0) { $0 + Self.count($1) })
        #expect(Self.keys("gateway") == Set(PagePhrases.byName.keys))
        #expect(Self.keys("doctor") == Set(DoctorCode.allCases.map(\.rawValue)))
        #expect(Self.keys("doctor.check") == Set(DoctorFinding.Check.allCases.map(\.rawValue)))
        #expect(Self.keys("unit") == Set(UnitWord.allCases.map(\.rawValue)))
    }

    private static func count<Part: PagePhrase>(_: Part.Type) -> Int { Part.allCases.count }

    private static func keys(_ section: String) -> Set<String> {
        Set(Catalogue.words(in: .english).sections[section, default: [:]].keys)
    }

    /// What is well, or goes on by itself, asks for nothing.
    @Test func `every finding has a remedy but those that need none`() {
        let needNothing: Set<DoctorCode> = [
            .sending, .stopping, .storeWell, .fleetNone, .fleetUnknown, .fleetSynchronous, .fleetWithoutStandby,
            .diskWell, .diskUnknown, .clocksAgree, .clocksUnknown, .tokenValid, .tokenEndless, .tokenDue,
            .tokenRenewing, .balanceWell, .balanceUnknown, .callbacksArrive, .callbacksNone, .webhooksWell,
            .webhooksUnknown, .outcomesClear, .outcomesLookedFor,
        ]
        let needed = Set(DoctorCode.allCases).subtracting(needNothing)
        #expect(Self.keys("doctor.remedy") == Set(needed.map(\.rawValue)))
    }

    @Test func `every phrase that a template names has words`() throws {
        for (name, text) in PageTemplates.all.merging(PageFrame.templates, uniquingKeysWith: { own, _ in own }) {
            let named = text.split(separator: "{{t.").dropFirst().map { String($0.prefix { $0 != "}" }) }
            for phrase in named { #expect(PagePhrases.byName[phrase] != nil, "\(phrase) in \(name)") }
        }
    }

    @Test func `every file of the templates is one of them, by its name`() throws {
        let source = URL(filePath: #filePath).appending(path: "../../../../Sources/EskizGateway/Pages/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: source.standardized.path)
        #expect(Set(files) == Set(PageTemplates.all.keys.map { "\($0).mustache" }))
    }

    @Test func `a partial that does not exist, and a template that cannot be read, are said at the start`() {
        for text in ["{{>nothing}}", "{{#open}}", "{{^a}}{{/b}}"] {
            #expect(throws: (any Error).self) { try PageLibrary(templates: ["page": text], phrases: [:]) }
        }
    }

    @Test func `every template can be read, and none writes anything unescaped`() throws {
        _ = try PageLibrary(templates: PageTemplates.all, phrases: PagePhrases.byName)
        for (name, text) in PageTemplates.all.merging(PageFrame.templates, uniquingKeysWith: { own, _ in own }) {
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(!text.contains(" style=") && !text.contains(" onclick=") && !text.contains("<script>"), "\(name)")
        }
    }
}

@Suite struct ReasonTests {
    @Test
    func `every code of a failed message has words, so that no English sentence is on a page in another language`() {
        let codes = [
            "invalid_phone", "invalid_text", "invalid_user_sms_id", "invalid_argument", "invalid_configuration",
            "text_not_approved", "test_account_text_only", "sender_not_approved", "forbidden", "not_found",
            "rate_limited", "refused", "credentials_refused", "account_blocked", "token_dead", "new_tokens_rejected",
            "renewal_failed", "name_resolution", "connection_failed", "tls_failed", "timed_out", "connection_closed",
            "server_error", "unexpected_answer", "redirected", "cancelled", "shut_down", "internal_error",
            "store_failed", "interrupted", "outcome_unknown", "outcome_unknown_not_sent", "attempts_exhausted",
            "not_sent",
        ]
        for code in codes {
            let error = MessageError(code: code, message: "The English sentence.")
            #expect(error.text(in: .english) == "The English sentence.")
            #expect(
                !error.text(in: .uzbek).contains("English") && !error.text(in: .russian).contains("English"),
                "\(code)"
            )
        }
    }

    @Test func `Eskiz's own words stand behind ours as they are`() {
        let failure = EskizError(.refused, "Eskiz refused the request (400).", remedy: "", provider: "Номер неверный")
        let text = MessageError(failure).text(in: .uzbek)
        #expect(text == "Eskiz xabarni rad etdi. Eskiz javobi: Номер неверный")
    }
}
