import EskizPages
import EskizQueue

extension PageLanguage {
    /// A while in the largest unit that says something: `45 s`, `12 min`, `3 h 20 min`, `29 d`.
    func span(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let units = units
        switch seconds {
        case ..<120: return "\(seconds)\u{A0}\(units.second)"
        case ..<7_200: return "\(seconds / 60)\u{A0}\(units.minute)"
        case ..<172_800:
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
            let whole = "\(hours)\u{A0}\(units.hour)"
            return minutes == 0 || hours >= 10 ? whole : "\(whole) \(minutes)\u{A0}\(units.minute)"
        default: return "\(grouped(Int(seconds / 86_400)))\u{A0}\(units.day)"
        }
    }

    private var units: (second: String, minute: String, hour: String, day: String) {
        switch self {
        case .english: ("s", "min", "h", "d")
        case .uzbek: ("s", "daq", "soat", "kun")
        case .russian: ("с", "мин", "ч", "дн")
        }
    }
}

extension Lane {
    /// What operators call it.
    var phrase: OverviewPhrase {
        switch self {
        case .otp: .laneOTP
        case .transactional: .laneTransactional
        case .bulk: .laneBulk
        }
    }
}
