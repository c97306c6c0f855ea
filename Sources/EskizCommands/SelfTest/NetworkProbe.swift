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
    let outcome: Result<TransportResponse, TransportError>
    let elapsed: Duration
    let receivedAt: Date

    static func run(
        _ transport: any HTTPTransport,
        _ configuration: EskizConfiguration
    ) async -> NetworkProbe {
        let request = TransportRequest(
            method: "GET",
            url: configuration.baseURL.absoluteString,
            headers: [TransportHeader("Accept", "*/*")],
            timeout: configuration.timeout
        )
        let start = ContinuousClock.now
        let outcome: Result<TransportResponse, TransportError>
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
            let theirs = WireTime.httpDate(field)
        else { return .skipped(.clock, isReachable ? .clockUnknown : .stepNotReached) }
        // The header has whole seconds and the answer took its time: a few seconds mean nothing.
        let offset = receivedAt.timeIntervalSince1970 - Double(theirs)
        let seconds = Int64(abs(offset).rounded())
        let span = Duration.seconds(seconds)
        let durations = ["offset": span]
        if seconds <= 5 { return .good(.clock, .clockGood, durations: durations) }
        return seconds <= 120
            ? .careful(.clock, .clockOff, durations: durations, remedy: .clockRemedy)
            : .failed(.clock, .clockOff, durations: durations, remedy: .clockRemedy, status: .configuration)
    }
}
