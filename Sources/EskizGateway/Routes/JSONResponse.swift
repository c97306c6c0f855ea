import EskizQueue
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON answer, which nothing on the way may keep: phones and texts are in it.
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
        holds: [SendingHold] = [],
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var answer = JSONWriter()
        answer.message(message, holds: holds)
        return .json(answer.bytes, status: status, headers: headers)
    }
}
