import Eskiz
import EskizWords

/// One line of the self-test.
struct StepReport: Sendable {
    /// What is looked at, in the order in which it is looked at.
    enum Step: String, Sendable, CaseIterable {
        case configuration
        case stateDirectory = "state_directory"
        case diskSpace = "disk_space"
        case nameResolution = "dns"
        case connection = "connect"
        case tls
        case answer
        case clock
        case token
        case refresh
        case account
        case balance
        case senders
        case template
        case callback
        case sms

        var phrase: Phrase {
            switch self {
            case .configuration: .stepConfiguration
            case .stateDirectory: .stepStateDirectory
            case .diskSpace: .stepDiskSpace
            case .nameResolution: .stepNameResolution
            case .connection: .stepConnection
            case .tls: .stepTLS
            case .answer: .stepAnswer
            case .clock: .stepClock
            case .token: .stepToken
            case .refresh: .stepRefresh
            case .account: .stepAccount
            case .balance: .stepBalance
            case .senders: .stepSenders
            case .template: .stepTemplate
            case .callback: .stepCallback
            case .sms: .stepSMS
            }
        }
    }

    enum Mark: String, Sendable {
        case good = "ok"
        case careful = "warning"
        case failed
        case skipped
    }

    let step: Step
    let mark: Mark
    let finding: Sentence
    let remedy: Sentence?
    /// What the process would end with if this were the only failure.
    let status: ExitStatus

    static func good(
        _ step: Step,
        _ phrase: Phrase,
        _ values: [String: String] = [:],
        durations: [String: Duration] = [:]
    ) -> StepReport {
        StepReport(
            step: step,
            mark: .good,
            finding: .phrase(phrase, values, durations: durations),
            remedy: nil,
            status: .success
        )
    }

    static func skipped(_ step: Step, _ phrase: Phrase, _ values: [String: String] = [:]) -> StepReport {
        StepReport(step: step, mark: .skipped, finding: .phrase(phrase, values), remedy: nil, status: .success)
    }

    static func careful(
        _ step: Step,
        _ phrase: Phrase,
        _ values: [String: String] = [:],
        durations: [String: Duration] = [:],
        remedy: Phrase,
        _ remedyValues: [String: String] = [:]
    ) -> StepReport {
        StepReport(
            step: step,
            mark: .careful,
            finding: .phrase(phrase, values, durations: durations),
            remedy: .phrase(remedy, remedyValues),
            status: .success
        )
    }

    static func failed(
        _ step: Step,
        _ phrase: Phrase,
        _ values: [String: String] = [:],
        durations: [String: Duration] = [:],
        remedy: Phrase,
        _ remedyValues: [String: String] = [:],
        status: ExitStatus
    ) -> StepReport {
        StepReport(
            step: step,
            mark: .failed,
            finding: .phrase(phrase, values, durations: durations),
            remedy: .phrase(remedy, remedyValues),
            status: status
        )
    }

    static func failed(_ step: Step, _ error: EskizError) -> StepReport {
        StepReport(
            step: step,
            mark: .failed,
            finding: .error(error),
            remedy: .remedy(error),
            status: ExitStatus(error)
        )
    }

    /// A sentence that knows all languages.
    enum Sentence: Sendable {
        /// Durations are spelt out in the language of the reader.
        case phrase(Phrase, [String: String], durations: [String: Duration] = [:])
        case error(EskizError)
        case remedy(EskizError)

        func said(in language: Language) -> String {
            switch self {
            case .phrase(let phrase, let values, let durations):
                language.say(
                    phrase,
                    values.merging(durations.mapValues { TashkentTime.span($0, in: language) }) { text, _ in text }
                )
            case .error(let error): language.explain(error).what
            case .remedy(let error): language.explain(error).remedy
            }
        }
    }

    func json() -> JSONValue {
        [
            "step": .string(step.rawValue),
            "result": .string(mark.rawValue),
            "finding": .string(finding.said(in: .english)),
            "remedy": .text(remedy?.said(in: .english)),
        ]
    }

    func text(on page: Page) -> String {
        let (sign, name) =
            switch mark {
            case .good: (page.ink.good("✓"), page.say(step.phrase))
            case .careful: (page.ink.careful("!"), page.say(step.phrase))
            case .failed: (page.ink.bad("✗"), page.ink.bad(page.say(step.phrase)))
            case .skipped: (page.ink.faint("–"), page.ink.faint(page.say(step.phrase)))
            }
        let width = Step.allCases.map { DisplayWidth.of(page.say($0.phrase)) }.max() ?? 0
        let padding = String(repeating: " ", count: width - DisplayWidth.of(page.say(step.phrase)))
        let found = finding.said(in: page.language).onOneLine
        var text = "\(sign) \(name)\(padding)  \(mark == .skipped ? page.ink.faint(found) : found)"
        if let remedy = remedy?.said(in: page.language), !remedy.isEmpty {
            text += "\n" + String(repeating: " ", count: width + 4) + page.ink.good("→ ") + remedy.onOneLine
        }
        return text
    }
}

/// The whole self-test.
struct SelfTestReport: Presentable, Judged {
    var steps: [StepReport] = []

    var status: ExitStatus { .worst(of: steps.filter { $0.mark == .failed }.map(\.status)) }

    private var failures: Int { steps.filter { $0.mark == .failed }.count }
    private var warnings: Int { steps.filter { $0.mark == .careful }.count }

    func json() -> JSONValue {
        [
            "ok": .bool(failures == 0),
            "failed": .whole(failures),
            "warnings": .whole(warnings),
            "exit_status": .integer(Int64(status.rawValue)),
            "steps": .array(steps.map { $0.json() }),
        ]
    }

    /// The last line only: a person has seen the steps as they happened.
    func text(on page: Page) -> String {
        if failures > 0 {
            return page.ink.bad(page.say(.selfTestFailed, ["failed": "\(failures)", "warnings": "\(warnings)"]))
        }
        if warnings > 0 { return page.ink.careful(page.say(.selfTestWarnings, ["warnings": "\(warnings)"])) }
        return page.ink.good(page.say(.selfTestGood))
    }
}
