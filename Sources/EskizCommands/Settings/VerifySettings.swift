import Configuration
import Eskiz
package import EskizGateway
import EskizQueue
import EskizText
package import EskizVerify
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What one-time codes are made, sent and checked by, as the settings say it.
package struct VerifySettings: Sendable {
    /// The file of templates; nil for the one text of `ESKIZ_CODE_TEMPLATE`.
    package var templates: String?
    package var testNumbers = TestNumbers()
    package var keys: CodeKeys?
    package var life: Duration = .seconds(300)
    package var segmentPrice = 250
    package var limits = SendLimits()
    package var guardMode = ConversionGuard.Mode.watch
    /// Calling codes of the countries to which codes are sent.
    package var countries: Set<Int> = [998]
    package var supabaseSecrets: [WebhookSecret] = []

    /// The defaults.
    package init() {}

    init(settings: inout ServerSettingReader) {
        let standard = SendLimits()
        templates = settings.text(.verifyTemplates)
        testNumbers = settings.value(
            .verifyTestNumbers,
            or: TestNumbers(),
            "numbers with their codes of 4 to 10 digits, for example +998900000001=123456, each once"
        ) { TestNumbers($0) }
        keys = settings.value(.verifyKeys, or: nil, "one or two keys of 32 bytes in base64, the current one first") {
            Self.keys($0)
        }
        life = settings.value(.verifyLifetime, or: .seconds(300), "a duration from 30s to 24h") { text in
            Lifetime(argument: text).flatMap { VerifyConfiguration.lives.contains($0.duration) ? $0.duration : nil }
        }
        limits.intervals = settings.value(
            .verifyIntervals,
            or: standard.intervals,
            "durations, for example 30s,60s,180s,300s"
        ) { Self.durations($0) }
        limits.phoneHour = settings.count(.verifyPhoneHour, or: standard.phoneHour)
        limits.phoneDay = settings.count(.verifyPhoneDay, or: standard.phoneDay)
        limits.block = settings.count(.verifyBlock, or: standard.block)
        limits.networkHour = settings.count(.verifyClientHour, or: standard.networkHour)
        limits.failuresHour = settings.count(.verifyFailuresHour, or: standard.failuresHour)
        limits.keyMinute = settings.ceiling(.verifyKeyMinute, or: standard.keyMinute)
        limits.totalMinute = settings.ceiling(.verifyTotalMinute, or: standard.totalMinute)
        limits.budget = settings.ceiling(.verifyBudget, or: standard.budget)
        segmentPrice = settings.count(.verifyPrice, or: 250)
        guardMode = settings.value(.verifyGuard, or: .watch, "off, watch or enforce") {
            ConversionGuard.Mode(rawValue: $0.lowercased())
        }
        countries = settings.value(.verifyCountries, or: [998], "calling codes, for example 998,7") {
            Self.countries($0)
        }
        supabaseSecrets = settings.value(
            .supabaseSecret,
            or: [],
            "a secret as Supabase gives it, v1,whsec_ and base64 of 24 to 64 bytes; several with | between"
        ) { Self.supabaseSecrets($0) }
    }

    private static func countries(_ text: String) -> Set<Int>? {
        let parts = text.split(separator: ",").map { $0.filter { !$0.isWhitespace && $0 != "+" } }
        let codes = parts.compactMap { Int($0) }.filter { (1...999).contains($0) }
        return codes.count == parts.count && !codes.isEmpty ? Set(codes) : nil
    }

    /// Supabase puts `v1,` before each and `|` between several.
    private static func supabaseSecrets(_ text: String) -> [WebhookSecret]? {
        let parts = text.split(whereSeparator: { $0 == "|" || $0.isWhitespace })
        let secrets = parts.compactMap { part in
            part.hasPrefix("v1,whsec_") ? WebhookSecret(String(part.dropFirst(3))) : nil
        }
        return secrets.count == parts.count && !secrets.isEmpty ? secrets : nil
    }

    private static func keys(_ text: String) -> CodeKeys?? {
        let parts = text.split(whereSeparator: { $0 == "," || $0.isWhitespace })
        let keys = parts.compactMap { CodeKey(base64: $0) }
        guard (1...2).contains(parts.count), keys.count == parts.count else { return nil }
        return CodeKeys(current: keys[0], previous: keys.count == 2 ? keys[1] : nil)
    }

    private static func durations(_ text: String) -> [Duration]? {
        let parts = text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
        let durations = parts.compactMap { Lifetime(argument: $0)?.duration }
        return durations.count == parts.count && (1...10).contains(parts.count) ? durations : nil
    }

    /// What the gateway works by.
    ///
    /// - Throws: ``EskizError`` if the file of templates cannot be used.
    func configuration(client: EskizConfiguration, normalizes: Bool) throws(EskizError) -> VerifyConfiguration {
        var configuration = VerifyConfiguration(
            templates: try loadTemplates(client: client),
            sender: client.sender
        )
        configuration.testNumbers = testNumbers
        configuration.limits = limits
        configuration.checkStep = VerifyConfiguration.ordinaryCheckStep
        configuration.guardMode = guardMode
        configuration.life = life
        configuration.segmentPrice = segmentPrice
        configuration.countries = countries
        configuration.normalizes = normalizes
        return configuration
    }

    /// The texts of codes, each short enough to be sent.
    func loadTemplates(client: EskizConfiguration) throws(EskizError) -> CodeTemplates {
        let name = templates == nil ? SettingName.codeTemplate : .verifyTemplates
        do {
            let loaded =
                if let templates {
                    try CodeTemplates(json: try Self.contents(of: FilePath(templates)))
                } else {
                    try CodeTemplates(only: client.codeTemplate)
                }
            for template in loaded.all {
                do throws(MessageTextError) {
                    try client.textRules.check(
                        template.sample(length: CodeDerivation.lengths.upperBound, minutes: 1_440)
                    )
                } catch {
                    throw CodeTemplateError(
                        "The template `\(template.name)` (\(template.language)): \(error.sentence)"
                    )
                }
            }
            return loaded
        } catch let error as CodeTemplateError {
            throw EskizError(
                .invalidConfiguration,
                "\(name.rawValue): \(error.what)",
                remedy: "Correct it and try again; docs/verify.md shows such a file."
            )
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "\(name.rawValue): the file cannot be read: \(error).",
                remedy: "Name a file that this user may read."
            )
        }
    }

    /// A text as it is sent with the codes of every day.
    func sample(of template: CodeTemplate, normalizes: Bool) -> String {
        let text = template.sample(
            length: VerifyConfiguration.defaultLength,
            minutes: max(1, Int(life.components.seconds / 60))
        )
        return normalizes ? UzbekNormalizer().normalize(text).after.text : text
    }

    private static func contents(of path: FilePath) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        return try file.closeAfter {
            var contents: [UInt8] = []
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)
            defer { chunk.deallocate() }
            while contents.count <= 1 << 20 {
                let count = try file.read(into: chunk)
                if count == 0 { break }
                contents += chunk[..<count]
            }
            return contents
        }
    }
}

extension MessageTextError {
    /// What is wrong and what to do, as a part of a longer sentence.
    fileprivate var sentence: Sentence {
        switch self {
        case .blank: "The text is empty: nothing in it shows. Write something to send."
        case .controlCharacter(_, let offset):
            "Character \(offset + 1) of the text is a control character, which no message can hold. Leave it out."
        case .lostCharacter(let offset):
            "Character \(offset + 1) of the text (U+FFFD) stands for bytes that were not UTF-8."
        case .tooManySegments(let count, let allowed):
            "Segments of the text: \(count); allowed: \(allowed). Shorten it, or raise ESKIZ_MAX_SEGMENTS."
        }
    }
}
