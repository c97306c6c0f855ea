#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// The month as CSV: eskiz-api.md §7.

/// `POST message/export`.
struct ExportRequest {
    var year: Int
    var month: Int
    var start: Date
    var end: Date
    var status: MessageQuery.Filter

    var endpoint: EndpointRequest {
        .form(
            "message/export",
            query: [("status", status == .all ? "all" : status.rawValue)],
            [
                ("year", String(year)), ("month", String(month)),
                ("start", WireTime.seconds(start)), ("end", WireTime.seconds(end)),
            ],
            .export,
            accept: "text/csv, */*;q=0.1"
        )
    }

    /// The CSV as it came.
    ///
    /// Its columns are not documented, so nothing is read out of it.
    static func csv(_ response: TransportResponse) throws(EskizError) -> String {
        switch BodyKind(response) {
        case .text, .empty: return String(decoding: response.body, as: UTF8.self)
        case .html, .brokenJSON, .otherJSON: throw ProviderFailure.unexpectedAnswer(response)
        }
    }
}
