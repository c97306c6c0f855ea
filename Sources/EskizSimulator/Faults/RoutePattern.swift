/// Which routes a fault or a delay is meant for: `message/sms/send`, `auth/*`, `message/sms/status_by_id/*`, `*`.
///
/// A `*` at the end stands for any rest, elsewhere for one segment. A leading `/` or `/api/` may be written or not.
struct RoutePattern: Sendable, Equatable {
    let text: String
    private let segments: [Substring]

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
