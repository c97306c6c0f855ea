import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Eskiz's list of messages in a span of time, whole.
struct MessageList: Sendable {
    let client: EskizClient
    let clock: any KeeperClock

    /// The largest page there is (eskiz-api.md §6.2).
    private static let pageSize = 200
    /// Between two pages, so that a long list is no burden to Eskiz.
    private static let pause: Duration = .milliseconds(200)
    /// More pages than this are taken for a server that repeats itself, and end in an error.
    private static let pageLimit = 10_000

    /// All rows, or an error.
    ///
    /// - Parameters:
    ///   - start: rounded down to the minute.
    ///   - end: the same.
    ///   - isEnough: asked with the rows of each page whether the next ones are of no interest.
    /// - Returns: the rows, newest first.
    /// - Throws: `EskizError`; then nothing can be said about what is absent.
    func rows(
        from start: Timestamp,
        to end: Timestamp,
        until isEnough: ([EskizClient.MessageRecord]) -> Bool = { _ in false }
    ) async throws(EskizError) -> [EskizClient.MessageRecord] {
        var rows: [EskizClient.MessageRecord] = []
        var page = 1
        while true {
            let query = MessageQuery(from: start.date, to: end.date, page: page, pageSize: Self.pageSize)
            let answer = try await client.messages(query)
            rows += answer.messages
            // Without a number of pages, only a page that is not full is the last one.
            let hasMore = answer.lastPage == nil ? answer.messages.count >= Self.pageSize : answer.hasMore
            guard !isEnough(answer.messages), hasMore else { return rows }
            page += 1
            guard page <= Self.pageLimit else {
                throw EskizError(
                    .unexpectedAnswer,
                    "Eskiz's list of messages does not come to an end.",
                    remedy: "It is asked for again later."
                )
            }
            do {
                try await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(Self.pause.nanoseconds))
            } catch {
                throw EskizError(.cancelled, "The call was cancelled.", remedy: "")
            }
        }
    }
}

extension DeliveryReport {
    /// What a row of Eskiz's list, or a record, says.
    init(_ row: EskizClient.MessageRecord, source: Source, at now: Timestamp) {
        self.init(
            status: row.status,
            source: source,
            receivedAt: now,
            happenedAt: (row.status == .delivered ? row.deliveredAt : nil).map { Timestamp($0) }
                ?? row.updatedAt.map { Timestamp($0) },
            providerID: row.requestID,
            providerNumber: row.id.map(String.init),
            price: row.totalPrice.map { "\($0)" },
            parts: row.partsCount.map { Int($0) }
        )
    }
}
