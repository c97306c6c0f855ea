import EskizPages
import EskizWords

/// What the list of messages and the page of one say.
enum MessagePhrase: String, PagePhrase {
    case stateScheduled, stateQueued, stateSending, stateUnknown, stateSubmitted
    case stateDelivered, stateUndelivered, stateFailed, stateExpired, stateCancelled
    case allStates, anyLane, messageSearch, messageSearchHint, moreFilters, applyFilter, clearFilter
    case referenceField, errorField, onlyUnsettled, onlyDeadWebhooks, filterUnreadable
    case noMessages, noMessagesHint, noMatches, noMatchesHint, older, newest, lookFurther, lookFurtherHint
    case allOfThese, message, recipient, unmask, unmaskHint, timelineTitle, whatPeopleDid, wholeAudit
    case factState, factLane, factSender, factReference, factSegments, factPrice, factProviderID, factKey, factOrigin
    case factClientID, factBatch, factAttempts, factAccepted, factDue, factExpires, factSubmitted, factFinal
    case originAPI, originEskiz, lastError, textNeverShown
}
