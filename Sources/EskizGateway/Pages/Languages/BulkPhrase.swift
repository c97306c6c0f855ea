import EskizPages
import EskizWords

/// What is done to many messages, and what came of it.
enum BulkPhrase: String, PagePhrase {
    case bulkCancel, bulkNotSent, bulkSendAgain, bulkReplay
    case bulkCancelHint, bulkNotSentHint, bulkSendAgainHint, bulkReplayHint
    case bulkMatches, orMore, bulkCutHint, bulkButton, bulkNothing, bulkNothingHint, bulkEverything, bulkFilter,
        bulkSample
    case bulkLater
    case bulkDone, bulkDoneSome, bulkCut, bulkFailed
}
