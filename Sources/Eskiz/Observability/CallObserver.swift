package import Logging
import Metrics
import Tracing

/// Watches calls: a log line, a counter, a timer and a span for each.
///
/// Cheap where nothing of it is set up.
package struct CallObserver: Sendable {
    package let logger: Logger
    private let serverAddress: String
    private let instruments: [Instruments]

    private struct Instruments: Sendable {
        let duration: Metrics.Timer
        let outcomes: [Counter]
    }

    /// Makes every instrument once.
    package init(logger: Logger, serverAddress: String) {
        self.logger = logger
        self.serverAddress = serverAddress
        instruments = Operation.allCases.map { operation in
            let dimension = (MetricNames.operation, operation.rawValue)
            return Instruments(
                duration: Metrics.Timer(label: MetricNames.requestDuration, dimensions: [dimension]),
                outcomes: CallOutcome.allCases.map { outcome in
                    Counter(
                        label: MetricNames.requests,
                        dimensions: [dimension, (MetricNames.outcome, outcome.rawValue)]
                    )
                }
            )
        }
    }

    /// Runs one call.
    ///
    /// - Parameters:
    ///   - operation: which one.
    ///   - quiet: kinds of failure that are an answer to this caller, and no reason to write ERROR.
    ///   - metadata: what to log with it; evaluated only if something is logged.
    ///   - describe: what to log of the result.
    ///   - body: the call.
    /// - Returns: what the call returned.
    /// - Throws: what the call threw.
    package func observe<Value>(
        _ operation: Operation,
        quiet: Set<EskizError.Code> = [],
        metadata: @autoclosure () -> Logger.Metadata = [:],
        describe: (Value) -> Logger.Metadata = { _ in [:] },
        _ body: () async throws(EskizError) -> Value
    ) async throws(EskizError) -> Value {
        let start = ContinuousClock.now
        do {
            let value = try await traced(operation, body)
            let elapsed = record(operation, .ok, since: start)
            // A send is news; a read is not.
            let level: Logger.Level = operation.isSend ? .info : .debug
            if logger.logLevel <= level {
                var metadata = metadata().merging(describe(value)) { $1 }
                metadata[LogKeys.operation] = "\(operation.rawValue)"
                metadata[LogKeys.milliseconds] = "\(elapsed.milliseconds)"
                logger.log(
                    level: level,
                    operation.isSend ? "Eskiz took the message" : "Eskiz answered",
                    metadata: metadata
                )
            }
            return value
        } catch {
            let elapsed = record(operation, CallOutcome(error), since: start)
            let level: Logger.Level =
                quiet.contains(error.code) || error.isReported ? .debug : error.code == .cancelled ? .info : .error
            if logger.logLevel <= level {
                var metadata = metadata().merging(Self.metadata(of: error)) { $1 }
                metadata[LogKeys.operation] = "\(operation.rawValue)"
                metadata[LogKeys.milliseconds] = "\(elapsed.milliseconds)"
                logger.log(
                    level: level,
                    Self.message(of: error, in: operation),
                    metadata: metadata
                )
            }
            throw error
        }
    }

    private static func message(of error: EskizError, in operation: Operation) -> Logger.Message {
        if !operation.isSend { return "The call to Eskiz failed" }
        return error.isOutcomeUnknown ? "Nobody knows whether the message was sent" : "The message was not sent"
    }

    /// What a failure looks like in the log.
    package static func metadata(of error: EskizError) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            LogKeys.errorCode: "\(error.code)",
            LogKeys.error: "\(error)",
        ]
        if let status = error.httpStatus { metadata[LogKeys.httpStatus] = "\(status)" }
        if let provider = error.provider { metadata[LogKeys.provider] = "\(provider)" }
        if error.isOutcomeUnknown { metadata[LogKeys.isOutcomeUnknown] = "true" }
        return metadata
    }

    private func record(
        _ operation: Operation,
        _ outcome: CallOutcome,
        since start: ContinuousClock.Instant
    ) -> Duration {
        let elapsed = start.duration(to: .now)
        let instruments = instruments[operation.position]
        instruments.duration.recordNanoseconds(elapsed.nanoseconds)
        instruments.outcomes[outcome.position].increment()
        return elapsed
    }

    /// Runs the call in a span.
    ///
    /// `withSpan` erases the error's type, so this is the one place that gets it back.
    private func traced<Value>(
        _ operation: Operation,
        _ body: () async throws(EskizError) -> Value
    ) async throws(EskizError) -> Value {
        let tracer = InstrumentationSystem.tracer
        if tracer is NoOpTracer { return try await body() }
        let result: Result<Value, EskizError> = await tracer.withAnySpan(
            SpanNames.call(operation),
            ofKind: .client
        ) { span in
            span.attributes[SpanNames.system] = "eskiz"
            span.attributes[SpanNames.operationType] = operation.isSend ? "send" : "receive"
            span.attributes[SpanNames.serverAddress] = serverAddress
            do throws(EskizError) {
                return .success(try await body())
            } catch {
                span.attributes[SpanNames.errorType] = error.code.rawValue
                if let status = error.httpStatus { span.attributes[SpanNames.httpStatus] = status }
                span.setStatus(SpanStatus(code: .error, message: error.code.rawValue))
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension Operation {
    /// True for the calls that hand messages over.
    package var isSend: Bool {
        switch self {
        case .send, .sendBatch, .sendGlobal: true
        default: false
        }
    }

    fileprivate static let positions = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) }
    )

    fileprivate var position: Int { Self.positions[self] ?? 0 }
}

extension CallOutcome {
    fileprivate var position: Int {
        switch self {
        case .ok: 0
        case .refused: 1
        case .failed: 2
        case .unknown: 3
        case .cancelled: 4
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
