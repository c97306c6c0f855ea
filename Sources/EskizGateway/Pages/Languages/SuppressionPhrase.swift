import EskizPages
import EskizQueue
import EskizWords

/// What the page of suppressed phones says.
enum SuppressionPhrase: String, PagePhrase {
    case suppressions, suppressionsHint, suppressionsEmpty, suppressionsEmptyHint, suppressionPhones
    case suppressionPhonesHint, suppressionScope, suppressionAll, suppressionBulk, suppressionReason
    case suppressionAdd, suppressionRemove, suppressionFind
    case suppressionAdded, suppressionRemoved, suppressionLines, suppressionTooMany, suppressionReasonWrong

    init(_ scope: Suppression.Scope) {
        switch scope {
        case .all: self = .suppressionAll
        case .bulk: self = .suppressionBulk
        }
    }
}
