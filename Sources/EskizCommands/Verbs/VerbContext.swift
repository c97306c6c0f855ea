import ArgumentParser
import Eskiz
import EskizWords
import Logging
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything a verb works with besides its own arguments.
struct VerbContext: Sendable {
    let format: OutputFormat
    let language: Language
    let streams: StandardStreams
    let environment: [String: String]

    init(_ flags: OutputFlags, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(
            format: flags.format,
            language: .detected(in: environment, chosen: flags.lang?.rawValue),
            environment: environment
        )
    }

    init(format: OutputFormat, language: Language, environment: [String: String]) {
        self.format = format
        self.language = language
        self.environment = environment
        streams = StandardStreams(environment: environment)
    }

    var page: Page { streams.page(in: language) }
    var errorPage: Page { streams.errorPage(in: language) }

    func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        language.say(phrase, values)
    }

    /// Prints a result in the format that was asked for.
    func present(_ result: some Presentable) throws {
        try streams.writeResult(format.render(result, on: page))
    }

    /// Tells a person at a terminal how it goes; a pipe hears nothing.
    func progress(_ text: String) {
        if streams.isErrorTerminal, format == .text { streams.writeNote(errorPage.ink.faint(text)) }
    }

    /// Runs a verb's body and turns what it throws into a message and an exit status.
    func finish(_ body: () async throws -> ExitStatus) async throws {
        let status: ExitStatus
        do {
            status = try await body()
        } catch {
            status = report(error)
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }

    /// Prints a failure where it belongs and says what the process ends with.
    func report(_ error: any Error) -> ExitStatus {
        switch error {
        case OutputFailure.readerGone:
            return .success
        case OutputFailure.failed(let reason):
            streams.writeNote("eskiz: " + say(.outputFailed, ["reason": reason]))
            return .inputOutput
        case let error as EskizError:
            let failure = Failure(error)
            do {
                switch format {
                case .json: try present(failure)
                // On a terminal apart from the log lines before it.
                case .text: streams.writeNote((streams.isErrorTerminal ? "\n" : "") + failure.text(on: errorPage))
                }
            } catch {
                // stdout is closed or full: the status still says what happened.
            }
            return failure.status
        case is CancellationError:
            // A program that asked for a document gets one here as well.
            return report(EskizError(.cancelled, "The call was cancelled.", remedy: "", mayRepeat: true))
        default:
            return report(
                EskizError(
                    .internalError,
                    "Something happened that should not: \(Scrubbing.scrub("\(error)")).",
                    remedy: "Please report it with the command you ran."
                )
            )
        }
    }
}

/// A failed verb, as people and programs see it.
struct Failure: Presentable {
    let error: EskizError
    let status: ExitStatus

    init(_ error: EskizError) {
        self.error = error
        status = ExitStatus(error)
    }

    func json() -> JSONValue {
        [
            "error": [
                "code": .string(error.code.rawValue),
                "message": .string(error.summary),
                "remedy": .string(error.remedy),
                "http_status": .whole(error.httpStatus),
                "retry_after_seconds": .whole(error.retryAfter?.components.seconds),
                "provider_message": .text(error.provider),
                "may_repeat": .bool(error.mayRepeat),
                "outcome_unknown": .bool(error.isOutcomeUnknown),
                "exit_status": .integer(Int64(status.rawValue)),
            ]
        ]
    }

    func text(on page: Page) -> String {
        let (what, remedy) = page.language.explain(error)
        var lines = [page.ink.bad("eskiz: " + what.onOneLine)]
        if let provider = error.provider, !provider.isEmpty {
            lines.append(page.say(.providerSaid, ["words": provider.onOneLine]))
        }
        if error.isOutcomeUnknown { lines.append(page.ink.careful(page.say(.outcomeUnknown))) }
        if let wait = error.retryAfter {
            lines.append(page.say(.retryAfter, ["time": TashkentTime.span(wait, in: page.language)]))
        }
        if !remedy.isEmpty { lines.append(page.ink.good("→ ") + remedy.onOneLine) }
        return lines.joined(separator: "\n")
    }
}
