#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// What became of messages: eskiz-api.md §6.

extension EskizClient {
    /// What Eskiz knows about a message.
    ///
    /// - Parameter id: the UUID that the send was answered with (found for 30 days), or Eskiz's own number (always).
    /// - Returns: the whole record.
    /// - Throws: ``EskizError``; `not_found` also for the first moments after a send, until Eskiz has written it down.
    public func status(of id: String) async throws(EskizError) -> EskizClient.MessageRecord {
        try await status(of: id, quiet: [])
    }

    private func status(of id: String, quiet: Set<EskizError.Code>) async throws(EskizError)
        -> EskizClient.MessageRecord
    {
        let request = LookupRequest.status(of: try MessageInput.identifier(id))
        return try await observer.observe(.status, quiet: quiet) {
            () async throws(EskizError) -> EskizClient.MessageRecord in
            let response = try await pipeline.execute(request)
            if let failure = ProviderFailure.of(response) {
                // An id that Eskiz does not know is answered with 200 and `{"status":"error"}` (eskiz-api.md §6.1).
                throw (200..<300).contains(response.status) && failure.code == .refused ? Self.noSuchMessage : failure
            }
            let record = try WireCoding.decode(OptionalRecord.self, from: response).record
            guard let record, record.id != nil || record.requestID != nil else { throw Self.noSuchMessage }
            return record
        }
    }

    private static var noSuchMessage: EskizError {
        EskizError(
            .notFound,
            "Eskiz knows no message with this id.",
            remedy: "Check the id. A UUID is found for 30 days, and not in the first moments after the send.",
            httpStatus: 200,
            mayRepeat: true
        )
    }

    /// The record in an envelope that may be empty.
    private struct OptionalRecord: Decodable {
        var record: EskizClient.MessageRecord?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: WireKey.self)
            record =
                container.value(EskizClient.MessageRecord.self, "data")
                ?? container.list(EskizClient.MessageRecord.self, "data").first
        }
    }

    /// Follows a message until nothing more will happen to it.
    ///
    /// Asks at growing intervals, from one second to fifteen. A record that does not exist yet, a time-out or a server
    /// error is asked about again; anything else is thrown at once.
    ///
    /// ```swift
    /// let record = try await eskiz.waitUntilFinal(sent.id, timeout: .seconds(120))
    /// if record.status == .delivered { … }
    /// ```
    ///
    /// - Parameters:
    ///   - id: the id that the send was answered with.
    ///   - timeout: how long to follow it. Operators try for a day.
    /// - Returns: the record with a final status.
    /// - Throws: ``EskizError``; `timed_out` if the status is not final in time.
    public func waitUntilFinal(_ id: String, timeout: Duration) async throws(EskizError) -> EskizClient.MessageRecord {
        let start = clock.now().elapsed
        let end = start.addingClamped(timeout.nanoseconds)
        var interval: Int64 = .nanosecondsPerSecond
        var lastStatus: MessageStatus?
        while true {
            do {
                let record = try await status(of: id, quiet: Self.passingCodes)
                if record.status.isFinal { return record }
                lastStatus = record.status
            } catch {
                guard Self.passingCodes.contains(error.code) else { throw error }
                if let pause = error.retryAfter { interval = max(interval, pause.nanoseconds) }
            }
            let now = clock.now().elapsed
            guard now < end else { throw Self.notFinal(after: timeout, lastStatus) }
            do {
                try await clock.sleep(untilElapsed: min(now.addingClamped(interval), end))
            } catch {
                throw EskizError(.cancelled, "The call was cancelled.", remedy: "")
            }
            interval = min(interval / 2 * 3, 15 * .nanosecondsPerSecond)
        }
    }

    /// Failures that the next question may not meet.
    private static let passingCodes: Set<EskizError.Code> = [
        .notFound, .nameResolution, .connectionFailed, .connectionClosed, .timedOut, .serverError, .rateLimited,
        .renewalFailed,
    ]

    private static func notFinal(after timeout: Duration, _ status: MessageStatus?) -> EskizError {
        let span = DurationSetting.describe(timeout)
        return EskizError(
            .timedOut,
            status.map { "After \(span) the message is still not final (\($0))." }
                ?? "After \(span) the message is still not final; Eskiz has not written it down yet.",
            remedy: "Ask again later: operators try to deliver for up to a day.",
            mayRepeat: false
        )
    }

    /// The account's messages in a span of time, a page at a time.
    ///
    /// - Parameter query: the span, up to the minute, and the page.
    /// - Returns: one page.
    /// - Throws: ``EskizError``.
    public func messages(_ query: MessageQuery) async throws(EskizError) -> MessagePage {
        try query.validate()
        return try await read(.messages, query.endpoint(countsOnly: false), as: Enveloped<MessagePage>.self).data
    }

    /// How many messages have which status in a span of time.
    ///
    /// - Parameter query: the span; page and page size mean nothing here.
    /// - Returns: one total per status.
    /// - Throws: ``EskizError``.
    public func messageTotals(_ query: MessageQuery) async throws(EskizError) -> [StatusTotal] {
        try query.validate()
        return try await read(.messageTotals, query.endpoint(countsOnly: true), as: EnvelopedList<StatusTotal>.self)
            .data
    }

    /// The messages of a mailing, a page at a time.
    ///
    /// - Parameters:
    ///   - dispatchID: the number it was sent with.
    ///   - status: which ones.
    ///   - pageSize: 20 to 1000.
    ///   - page: from 1.
    /// - Returns: one page; empty if nothing matches.
    /// - Throws: ``EskizError``.
    public func messages(
        inDispatch dispatchID: Int64,
        status: MessageQuery.Filter = .all,
        pageSize: Int = 100,
        page: Int = 1
    ) async throws(EskizError) -> MessagePage {
        guard (20...1000).contains(pageSize) else {
            throw .badArgument("A page cannot hold \(pageSize) messages.", remedy: "Ask for 20 to 1000.")
        }
        guard page >= 1 else { throw .badArgument("There is no page \(page).", remedy: "Pages count from 1.") }
        let request = DispatchRequest.messages(dispatchID, status: status, pageSize: pageSize, page: page)
        return try await read(.dispatchMessages, request, as: Enveloped<MessagePage>.self).data
    }

    /// How many messages of a mailing have which status.
    ///
    /// - Parameters:
    ///   - dispatchID: the number it was sent with.
    ///   - userID: the account's number from ``account()``; Eskiz documents it both as needed and as left out.
    /// - Returns: one total per status.
    /// - Throws: ``EskizError``.
    public func dispatchStatus(_ dispatchID: Int64, userID: Int64? = nil) async throws(EskizError) -> [StatusTotal] {
        let request = DispatchRequest.status(dispatchID, userID: userID)
        return try await read(.dispatchStatus, request, as: EnvelopedList<StatusTotal>.self).data
    }

    /// Eskiz's own log of a message.
    ///
    /// - Parameter id: the id that the send was answered with.
    /// - Returns: the entries, newest first. They repeat text and phone: treat them as sensitive.
    /// - Throws: ``EskizError``.
    public func logs(of id: String) async throws(EskizError) -> MessageLog {
        try await read(.logs, LogRequest.of(try MessageInput.identifier(id)), as: MessageLog.self)
    }
}
