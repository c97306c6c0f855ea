import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request without credentials, and what it tells about each stage of the way to Eskiz.
///
/// The transport says how far it got; from that follows which stages are fine. Pure but for the request itself.
struct NetworkProbe: Sendable {
    let baseURL: BaseURL
    let hasProxy: Bool
    let outcome: Result<HTTPResponse, TransportError>
    let elapsed: Duration
    let receivedAt: Date

    static func run(
        _ transport: any HTTPTransport,
        _ configuration: EskizConfiguration
    ) async -> NetworkProbe {
        let request = HTTPRequest(
            method: "GET",
            url: configuration.baseURL.absoluteString,
            headers: [HTTPHeader("Accept", "*/*")],
            timeout: configuration.timeout
        )
        let start = ContinuousClock.now
        let outcome: Result<HTTPResponse, TransportError>
        do {
            outcome = .success(try await transport.execute(request))
        } catch {
            outcome = .failure(error)
        }
        return NetworkProbe(
            baseURL: configuration.baseURL,
            hasProxy: configuration.proxy != nil,
            outcome: outcome,
            elapsed: ContinuousClock.now - start,
            receivedAt: Date()
        )
    }

    /// True when Eskiz, or something in its place, answered.
    var isReachable: Bool { (try? outcome.get()) != nil }

    var steps: [StepReport] {
        [nameResolution, connection, tls, answer, clock]
    }

    private enum Stage: Int {
        case name
        case connection
        case tls
        case answer
        case done
    }

    /// The stage that failed.
    private var failedStage: Stage {
        switch outcome {
        case .success: .done
        case .failure(let error):
            switch error.reason {
            case .nameResolution: .name
            case .connectionFailed, .connectTimedOut, .proxy, .unusable: .connection
            case .tls: .tls
            case .timedOut, .connectionClosed, .answerTooLarge, .cancelled: .answer
            }
        }
    }

    private var detail: String {
        if case .failure(let error) = outcome {
            error.detail.isEmpty ? error.reason.rawValue : error.detail
        } else {
            ""
        }
    }

    private func stage(
        _ step: StepReport.Step,
        _ stage: Stage,
        good: Phrase,
        failed: Phrase,
        remedy: Phrase
    ) -> StepReport {
        let values = ["host": baseURL.host, "port": port, "reason": detail]
        if failedStage.rawValue > stage.rawValue { return .good(step, good, values) }
        if failedStage == stage { return .failed(step, failed, values, remedy: remedy, values, status: .unavailable) }
        return .skipped(step, .stepNotReached)
    }

    private var port: String { String(baseURL.port ?? (baseURL.scheme == "http" ? 80 : 443)) }

    private var isAddress: Bool {
        baseURL.host.contains(":") || baseURL.host.allSatisfy { $0.isNumber || $0 == "." }
    }

    private var nameResolution: StepReport {
        if hasProxy { return .skipped(.nameResolution, .dnsByProxy) }
        if isAddress { return .skipped(.nameResolution, .dnsNotNeeded, ["host": baseURL.host]) }
        return stage(.nameResolution, .name, good: .dnsGood, failed: .dnsFailed, remedy: .dnsRemedy)
    }

    private var connection: StepReport {
        stage(.connection, .connection, good: .connectGood, failed: .connectFailed, remedy: .connectRemedy)
    }

    private var tls: StepReport {
        if baseURL.scheme == "http" { return .skipped(.tls, .tlsNotUsed) }
        return stage(.tls, .tls, good: .tlsGood, failed: .tlsFailed, remedy: .tlsRemedy)
    }

    private var answer: StepReport {
        guard case .success(let response) = outcome else {
            return stage(.answer, .answer, good: .answerGood, failed: .answerFailed, remedy: .answerRemedy)
        }
        let milliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        let values = ["status": "\(response.status)", "time": "\(milliseconds) ms"]
        // Without a token and at the root of the API nothing better than a 404 or 401 is expected (eskiz-api.md §3.5).
        if response.status >= 500 {
            return .failed(.answer, .answerServerError, values, remedy: .answerServerErrorRemedy, status: .unavailable)
        }
        if (300..<400).contains(response.status) {
            return .failed(.answer, .answerRedirect, values, remedy: .answerRedirectRemedy, status: .unavailable)
        }
        return .good(.answer, .answerGood, values)
    }

    private var clock: StepReport {
        guard case .success(let response) = outcome, let field = response.header("Date"),
            let theirs = HTTPDate.parse(field)
        else { return .skipped(.clock, isReachable ? .clockUnknown : .stepNotReached) }
        // The header has whole seconds and the answer took its time: a few seconds mean nothing.
        let offset = receivedAt.timeIntervalSince1970 - theirs
        let seconds = Int64(abs(offset).rounded())
        let span = Duration.seconds(seconds)
        let durations = ["offset": span]
        if seconds <= 5 { return .good(.clock, .clockGood, durations: durations) }
        return seconds <= 120
            ? .careful(.clock, .clockOff, durations: durations, remedy: .clockRemedy)
            : .failed(.clock, .clockOff, durations: durations, remedy: .clockRemedy, status: .configuration)
    }
}

/// The date of an HTTP header (IMF-fixdate, RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    /// Seconds since 1970, or nil for the two obsolete forms and for nonsense.
    static func parse(_ text: String) -> Double? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        // Days since 1970-01-01 of the proleptic Gregorian calendar, with March as the first month.
        let shiftedYear = month < 2 ? year - 1 : year
        let shiftedMonth = (month + 10) % 12
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Double(days * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }
}
