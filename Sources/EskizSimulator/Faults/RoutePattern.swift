/// Which routes a fault or a delay is meant for: `message/sms/send`, `auth/*`, `message/sms/status_by_id/*`, `*`.
///
/// A `*` at the end stands for any rest, elsewhere for one segment. A leading `/` or `/api/` may be written or not.
struct RoutePattern: Sendable, Equatable {
    let text: String
    private let segments: [Substring]

    /// A verb may stand before it: `POST message/sms/send`.
    static func split(_ text: String) -> (verb: String?, route: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].allSatisfy(\.isLetter), !words[0].contains("/") else { return (nil, text) }
        return (words[0].uppercased(), String(words[1]))
    }

    init(_ text: String) {
        var segments = text.split(separator: "/")
        if segments.first == "api" { segments.removeFirst() }
        self.text = segments.joined(separator: "/")
        self.segments = segments
    }

    static func == (left: RoutePattern, right: RoutePattern) -> Bool { left.text == right.text }

    /// Whether a normalised path below `/api` matches.
    func matches(_ route: String) -> Bool {
        let path = route.split(separator: "/")
        for (index, segment) in segments.enumerated() {
            if segment == "*", index == segments.count - 1 { return path.count >= index }
            guard index < path.count, segment == "*" || segment == path[index] else { return false }
        }
        return path.count == segments.count
    }
}
