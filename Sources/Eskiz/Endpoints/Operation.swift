/// Every call to Eskiz, by the name it has in logs, metrics and spans.
///
/// A closed set: dimensions are made of it.
package enum Operation: String, Sendable, CaseIterable {
    case send
    case sendBatch = "send-batch"
    case sendGlobal = "send-global"
    case status
    case messages
    case messageTotals = "message-totals"
    case dispatchMessages = "dispatch-messages"
    case dispatchStatus = "dispatch-status"
    case logs
    case check
    case normalize
    case account
    case balance
    case prices
    case senders
    case templates
    case addTemplate = "add-template"
    case totals
    case reportByMonth = "report-by-month"
    case reportByOperator = "report-by-operator"
    case reportByRange = "report-by-range"
    case reportByDispatch = "report-by-dispatch"
    case export
    /// A request of a gateway's client, passed on.
    case forward
}

extension EndpointRequest {
    /// A `GET`.
    static func get(_ path: String, query: [(String, String)] = [], _ operation: Operation) -> EndpointRequest {
        EndpointRequest(method: "GET", path: path, query: query, operation: operation.rawValue)
    }

    /// A `POST` of a form, which every route but the batch understands (eskiz-api.md §3.2).
    static func form(
        _ path: String,
        query: [(String, String)] = [],
        _ fields: [(String, String)],
        _ operation: Operation,
        accept: String = "application/json",
        isSend: Bool = false
    ) -> EndpointRequest {
        EndpointRequest(
            method: "POST",
            path: path,
            query: query,
            contentType: "application/x-www-form-urlencoded",
            accept: accept,
            body: WireCoding.formBytes(fields),
            operation: operation.rawValue,
            isSend: isSend
        )
    }

    /// A `POST` of JSON.
    static func json(
        _ path: String,
        _ value: some Encodable,
        _ operation: Operation,
        isSend: Bool = false
    ) throws(EskizError) -> EndpointRequest {
        EndpointRequest(
            method: "POST",
            path: path,
            contentType: "application/json",
            body: try WireCoding.json(value),
            operation: operation.rawValue,
            isSend: isSend
        )
    }
}

/// An answer in an envelope, `{"status":"success","data":…}`, or bare where a generation forgot the envelope
/// (eskiz-api.md §1.1, §3.1).
package struct Enveloped<Value: Decodable>: Decodable {
    package var data: Value

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        if let data = container.value(Value.self, "data") {
            self.data = data
        } else if container.contains("data") {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no data"))
        } else {
            data = try Value(from: decoder)
        }
    }
}

/// A list in an envelope.
///
/// `data` may also be one object, or a sentence that stands for nothing.
package struct EnvelopedList<Element: Decodable>: Decodable {
    package var data: [Element]

    package init(from decoder: any Decoder) throws {
        if let bare = try? LossyList<Element>(from: decoder) {
            data = bare.elements
            return
        }
        let container = try decoder.container(keyedBy: WireKey.self)
        guard container.contains("data") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no data"))
        }
        data = container.list(Element.self, "data")
    }
}
