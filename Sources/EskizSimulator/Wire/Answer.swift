/// One answer as bytes: what a client of the provider sees.
struct Answer: Sendable, Equatable {
    var status: Int
    var contentType: String
    var headers: [Header] = []
    var body: [UInt8]

    struct Header: Sendable, Equatable {
        let name: String
        let value: String
    }

    static func json(_ document: JSON, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "application/json", body: document.bytes)
    }

    static func text(_ text: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8") -> Answer {
        Answer(status: status, contentType: contentType, body: Array(text.utf8))
    }

    /// Unknown path or wrong verb: 404 in plain text (`eskiz-api.md` §3.5).
    static let notFound = Answer.text("404 page not found", status: 404)

    /// The error envelope of generation 3 (`eskiz-api.md` §3.1): a fresh UUID even when nothing was sent.
    static func refusal(_ message: String, status: Int = 400, id: String) -> Answer {
        .json(["id": .string(id), "message": .string(message), "status": "error"], status: status)
    }

    /// What the proxy in front of the provider says when the provider is away (`eskiz-api.md` §3.5).
    static func gatewayFault(_ status: Int) -> Answer {
        let title = "\(status) \(reason(of: status))"
        let page = """
            <html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1></center>\r\n\
            <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n
            """
        return .text(page, status: status, contentType: "text/html")
    }

    private static func reason(of status: Int) -> String {
        switch status {
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Temporarily Unavailable"
        case 504: "Gateway Time-out"
        default: "Error"
        }
    }
}
