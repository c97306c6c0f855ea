/// What people write for a duration, a count or a list in the control API.
struct BadSetting: Error, Equatable {
    /// One sentence that says which values are valid.
    let detail: String
}

extension Duration {
    /// `"250ms"`, `"10s"`, `"-5m"`, `"2h"`, `"30d"`, a plain number of seconds as text or as a JSON number.
    init?(setting value: JSON) {
        switch value {
        case .int(let seconds):
            guard abs(seconds) <= 1_000_000_000 else { return nil }
            self = .seconds(seconds)
        case .double(let seconds):
            guard seconds.isFinite, abs(seconds) <= 1_000_000_000 else { return nil }
            self = .nanoseconds(Int64((seconds * 1_000_000_000).rounded()))
        case .string(let text): self.init(spelling: text)
        case .null, .bool, .array, .object: return nil
        }
    }

    /// `"250ms"`, `"10s"`, `"5m"`, `"2h"`, `"30d"` or a plain number of seconds, with a sign if wanted.
    init?(spelling text: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("", 1)]
        guard let (suffix, scale) = units.first(where: { text.hasSuffix($0.0) }),
            let number = Double(text.dropLast(suffix.count)), number.isFinite, abs(number * scale) <= 1_000_000_000
        else { return nil }
        self = .nanoseconds(Int64((number * scale * 1_000_000_000).rounded()))
    }

    /// Seconds as a JSON number, whole where possible.
    var setting: JSON {
        let seconds = inSeconds
        return Int(exactly: seconds).map(JSON.int) ?? .double(seconds)
    }
}
