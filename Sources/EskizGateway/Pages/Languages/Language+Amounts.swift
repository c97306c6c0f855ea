import EskizPages
import EskizQueue
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Language {
    /// A while in the largest unit that says something: `45 s`, `12 min`, `3 h 20 min`, `29 d`.
    func span(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<120: return "\(seconds)\u{A0}\(say(UnitWord.second))"
        case ..<7_200: return "\(seconds / 60)\u{A0}\(say(UnitWord.minute))"
        case ..<172_800:
            let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
            let whole = "\(hours)\u{A0}\(say(UnitWord.hour))"
            return minutes == 0 || hours >= 10 ? whole : "\(whole) \(minutes)\u{A0}\(say(UnitWord.minute))"
        default: return "\(grouped(Int(seconds / 86_400)))\u{A0}\(say(UnitWord.day))"
        }
    }

    /// How long an answer took: `48 ms`, `1.2 s`.
    func answerTime(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        if milliseconds < 1_000 { return "\(milliseconds)\u{A0}\(say(UnitWord.millisecond))" }
        return milliseconds < 10_000
            ? "\(milliseconds / 1_000)\(decimalSeparator)\(milliseconds / 100 % 10)\u{A0}\(say(UnitWord.second))"
            : span(duration)
    }

    /// How fast a share of the messages was: `≤ 5 s`.
    func within(_ percentile: DeliveryTimes.Percentile?) -> String {
        switch percentile {
        case nil: "–"
        case .within(let seconds): "≤\u{A0}\(step(seconds))"
        case .later: ">\u{A0}\(step(DeliveryTimes.bounds[DeliveryTimes.bounds.count - 1]))"
        }
    }

    /// A step is a round number in some unit.
    private func step(_ seconds: Int) -> String {
        switch seconds {
        case 3_600...: "\(seconds / 3_600)\u{A0}\(say(UnitWord.hour))"
        case 60...: "\(seconds / 60)\u{A0}\(say(UnitWord.minute))"
        default: "\(seconds)\u{A0}\(say(UnitWord.second))"
        }
    }

    /// `99.4 %`; a dash for nothing.
    ///
    /// Never rounded up to the whole: one that did not arrive is not none.
    func percent(_ share: Double?) -> String {
        guard let share else { return "–" }
        let tenths = Int((share * 1_000).rounded(.down))
        if tenths >= 1_000 || tenths % 10 == 0 { return "\(tenths / 10)\u{A0}%" }
        return "\(tenths / 10)\(decimalSeparator)\(tenths % 10)\u{A0}%"
    }

    /// An amount of money, rounded down to whole soʻm.
    func money(_ amount: Decimal) -> String {
        let whole = amount.description.prefix { $0 != "." }
        return "\(grouped(Int(whole) ?? 0))\u{A0}\(say(FramePhrase.currency))"
    }
}

/// What stands behind a number.
enum UnitWord: String, WordKey {
    case millisecond, second, minute, hour, day, gibibyte

    static var section: String { "unit" }
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
