import EskizPages
import EskizWords

/// What can be done to one message, and what came of it.
enum ActionPhrase: String, PagePhrase {
    case actions, cancelMessage, cancelMessageHint, replayMessage, replayMessageHint
    case settleTitle, settleHint, settleOpenHint, settleSubmitted, settleSubmittedHint, settleProviderID
    case settleSendAgain, settleSendAgainHint, settleNotSent, settleNotSentHint, settleUnknown, settleUnknownHint
    case settleButton
    case cancelled, settled, replayed, noWebhooks, goneItsWay, chooseOutcome, wrongProviderID, unknownAction
}
