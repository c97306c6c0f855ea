/// The thirteen modes of an unfriendly credential server by their short names (`token-keeper.md` §2.0).
///
/// A mode sets switches; a value after a colon replaces its default: `"M3"`, `"M3:2s"`, `"M10:html"`.
enum ServerMode: String, CaseIterable, Sendable {
    case m1 = "M1"
    case m2 = "M2"
    case m3 = "M3"
    case m4 = "M4"
    case m5 = "M5"
    case m6 = "M6"
    case m7 = "M7"
    case m8 = "M8"
    case m9 = "M9"
    case m10 = "M10"
    case m11 = "M11"
    case m12 = "M12"
    case m13 = "M13"

    /// Applies a list of mode names and gives them back as they will be shown.
    static func apply(
        _ list: JSON,
        to behaviour: inout Behaviour,
        tokenLifetime: Duration
    ) throws(BadSetting) -> [String] {
        guard case .array(let elements) = list else {
            throw BadSetting(detail: "modes: a list such as [\"M2\", \"M10:html\"].")
        }
        var names: [String] = []
        for element in elements {
            let parts = (element.text ?? "").split(separator: ":", maxSplits: 1)
            guard let first = parts.first, let mode = ServerMode(rawValue: first.uppercased()) else {
                throw BadSetting(detail: "modes: valid modes are M1 to M13, with a value after a colon if wanted.")
            }
            let argument = parts.count > 1 ? String(parts[1]) : nil
            for (name, value) in mode.settings(argument: argument, tokenLifetime: tokenLifetime) {
                do {
                    try BehaviourSwitch.named[name]?.write(&behaviour, value)
                } catch {
                    throw BadSetting(detail: "modes: \(mode.rawValue): \(name): \(error.detail)")
                }
            }
            names.append(mode.rawValue + (argument.map { ":\($0)" } ?? ""))
        }
        return names
    }

    /// The switches that the mode stands for.
    func settings(argument: String?, tokenLifetime: Duration) -> [(String, JSON)] {
        func value(_ standard: JSON) -> JSON { argument.map(JSON.string) ?? standard }
        switch self {
        case .m1: return [("old_token", "valid")]
        case .m2: return [("old_token", "revoked"), ("old_token_grace", 0)]
        case .m3: return [("old_token", "revoked"), ("old_token_grace", value(5))]
        case .m4: return [("login_revokes_others", true)]
        case .m5: return [("refresh_horizon", value((tokenLifetime / 2).setting))]
        case .m6: return [("refresh_expired", value("allow"))]
        case .m7: return [("refresh_same_token", true)]
        case .m8: return [("replica_lag", value(2))]
        case .m9: return [("lost_auth_answer", value("reset")), ("lost_auth_answer_times", 1)]
        case .m10: return [("auth_answer", value("429"))]
        case .m11:
            return [("latency", ["auth/*": ["min": 0, "max": value("500ms"), "never": 0.05]])]
        case .m12: return [("lock_after", value(5))]
        case .m13: return [("clock_offset", value(300))]
        }
    }
}
