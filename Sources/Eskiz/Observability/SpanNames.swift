/// Names of spans and their attributes, each written once.
package enum SpanNames {
    /// The span of a call: `eskiz send`.
    package static func call(_ operation: Operation) -> String {
        "eskiz \(operation.rawValue)"
    }

    package static let system = "messaging.system"
    package static let operationType = "messaging.operation.type"
    package static let serverAddress = "server.address"
    package static let errorType = "error.type"
    package static let httpStatus = "http.response.status_code"
}
