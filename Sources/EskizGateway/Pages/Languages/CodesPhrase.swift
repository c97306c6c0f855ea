import EskizPages
import EskizVerify
import EskizWords

/// What the page of one-time codes says.
enum CodesPhrase: String, PagePhrase {
    case codes, codesHint, codesNone, codesNoneHint, codesToday, codesEntered, codesShare, codesSent, codesPercent
    case codesByOperator, codesByTemplate, codesTemplate, codesNothing
    case codesRefused, codesRefusedNothing, codesRefusedHint
    case codesClosed, codesClosedNothing, codesWatching, codesEnforcing, codesGuardOff
    case closedNetwork, closedBlock, closedOperator, closedKey, closedFigures, closedUntil
    case prefixes, prefixesHint, prefix, prefixBlock, prefixAllow, prefixForget, prefixBlocked, prefixAllowed
    case prefixWrong, prefixDone, prefixGone
    case ruleInterval, ruleHour, ruleDay, ruleFailures, ruleBlock, ruleClient, ruleBudget, ruleKeyMinute
    case ruleTotalMinute, ruleCountry, rulePrefix, ruleSuppressed, ruleConversion

    init(_ rule: SendRefusal.Rule) {
        switch rule {
        case .phoneInterval: self = .ruleInterval
        case .phoneHour: self = .ruleHour
        case .phoneDay: self = .ruleDay
        case .phoneFailures: self = .ruleFailures
        case .numberBlock: self = .ruleBlock
        case .clientIP: self = .ruleClient
        case .budget: self = .ruleBudget
        case .keyMinute: self = .ruleKeyMinute
        case .totalMinute: self = .ruleTotalMinute
        case .country: self = .ruleCountry
        case .prefix: self = .rulePrefix
        case .suppressed: self = .ruleSuppressed
        case .conversion: self = .ruleConversion
        }
    }

    init(_ kind: ConversionGuard.Kind) {
        switch kind {
        case .network: self = .closedNetwork
        case .block: self = .closedBlock
        case .operator: self = .closedOperator
        case .key: self = .closedKey
        }
    }

    init(_ mode: ConversionGuard.Mode) {
        switch mode {
        case .off: self = .codesGuardOff
        case .watch: self = .codesWatching
        case .enforce: self = .codesEnforcing
        }
    }
}
