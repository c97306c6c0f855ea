package import EskizQueue

/// A message as the API shows it, for those who tell of it elsewhere: webhooks.
package enum MessageDocument {
    /// JSON, in UTF-8.
    package static func json(_ message: Message) -> [UInt8] {
        var answer = JSONAnswer()
        // Nothing that is told waits to be sent.
        answer.message(message, holds: [])
        return answer.bytes
    }
}
