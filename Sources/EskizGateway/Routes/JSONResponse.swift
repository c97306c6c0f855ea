import EskizQueue
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON answer. It may hold phones and texts, so nothing on the way keeps it.
    static func json(
        _ bytes: [UInt8],
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func message(
        _ message: Message,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var answer = JSONAnswer()
        answer.message(message)
        return .json(answer.bytes, status: status, headers: headers)
    }
}
