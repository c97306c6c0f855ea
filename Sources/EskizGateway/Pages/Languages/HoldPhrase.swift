import EskizPages
import EskizQueue
import EskizWords

/// What the first screen says of what keeps messages from being sent.
enum HoldPhrase: String, PagePhrase {
    case healthThrottled, healthRate
    case holdQuietHours, holdThrottled, holdRate, holdFailures, holdCredentials, holdBalance, holdConfiguration
    case holdUntil, holdOpen

    init(_ reason: SendingHold.Reason) {
        switch reason {
        case .throttled: self = .holdThrottled
        case .rate: self = .holdRate
        case .failures: self = .holdFailures
        case .credentials: self = .holdCredentials
        case .balance: self = .holdBalance
        case .configuration: self = .holdConfiguration
        case .quietHours: self = .holdQuietHours
        }
    }
}
