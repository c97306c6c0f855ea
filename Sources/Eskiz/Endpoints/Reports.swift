#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Sums by month, operator, range and mailing: eskiz-api.md §7.

/// How many parts had a status in a month.
public struct MonthlyTotal: Sendable, Hashable, Decodable {
    /// The status.
    public var status: MessageStatus
    /// The month as Eskiz names it, for example `Nov`.
    public var month: String?
    /// Parts.
    public var parts: Int64

    /// Reads a row; the parts are called `packets`, sometimes `sent_packets`.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        status = row.value(MessageStatus.self, "status") ?? .unrecognized("")
        month = row.text("month")
        parts = row.integer("packets") ?? row.integer("sent_packets") ?? 0
    }
}

/// One line of a report: parts and UZS, for service messages, for advertising, and both together.
///
/// No sample of the reports by range and by mailing is public, so there everything may be missing.
public struct ReportRow: Sendable, Hashable, Decodable {
    /// The year.
    public var year: Int64?
    /// The month, 1 to 12.
    public var month: Int64?
    /// The operator, in the report by operator.
    public var operatorID: Int64?
    /// The status, where the report is by status.
    public var status: MessageStatus?
    /// Parts of service messages.
    public var parts: Int64?
    /// Spent on service messages.
    public var spent: Decimal?
    /// Parts of advertising.
    public var advertisingParts: Int64?
    /// Spent on advertising.
    public var advertisingSpent: Decimal?
    /// All parts.
    public var totalParts: Int64?
    /// All money.
    public var totalSpent: Decimal?

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        year = row.integer("year")
        month = row.integer("month")
        operatorID = row.integer("smsc_id")
        status = row.value(MessageStatus.self, "status")
        parts = row.integer("parts") ?? row.integer("packets") ?? row.integer("sent_packets")
        spent = row.decimal("spent")
        advertisingParts = row.integer("ad_parts")
        advertisingSpent = row.decimal("ad_spent")
        totalParts = row.integer("total_parts") ?? row.integer("total")
        totalSpent = row.decimal("total_spent")
    }
}

enum ReportRequest {
    /// `POST user/totals`.
    static func totals(year: Int, month: Int, isGlobal: Bool) -> EndpointRequest {
        .form(
            "user/totals",
            [("year", String(year)), ("month", String(month)), ("is_global", isGlobal ? "1" : "0")],
            .totals
        )
    }

    /// `GET report/total-by-month`.
    static func byMonth(year: Int) -> EndpointRequest {
        .get("report/total-by-month", query: [("year", String(year))], .reportByMonth)
    }

    /// `POST report/total-by-smsc`.
    static func byOperator(year: Int, month: Int) -> EndpointRequest {
        .form("report/total-by-smsc", [("year", String(year)), ("month", String(month))], .reportByOperator)
    }

    /// `POST report/total-by-range`.
    static func byRange(from start: Date, to end: Date, isAdvertising: Bool?, status: MessageQuery.Filter)
        -> EndpointRequest
    {
        .form(
            "report/total-by-range",
            query: [("status", status.rawValue)],
            [
                ("start_date", WireTime.minutes(start)), ("to_date", WireTime.minutes(end)),
                ("is_ad", MessageQuery.wire(isAdvertising)),
            ],
            .reportByRange
        )
    }

    /// `POST report/total-by-dispatch`.
    static func byDispatch(_ dispatchID: Int64, isAdvertising: Bool?, status: MessageQuery.Filter) -> EndpointRequest {
        .form(
            "report/total-by-dispatch",
            query: [("status", status.rawValue)],
            [("dispatch_id", String(dispatchID)), ("is_ad", MessageQuery.wire(isAdvertising))],
            .reportByDispatch
        )
    }
}
