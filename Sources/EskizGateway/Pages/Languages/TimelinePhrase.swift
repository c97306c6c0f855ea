import EskizPages
import EskizWords

/// The steps of a message's life.
enum TimelinePhrase: String, PagePhrase {
    case timeAccepted, timePrepared, timeWriting, timeTaken, timeNotTaken, timeAbandoned, timeUnknown, timeReport
    case sourceCallback, sourcePoll, sourceList, sourceOperator, happenedAt
    case webhookPending, webhookDelivered, webhookDead, webhookTries
}
