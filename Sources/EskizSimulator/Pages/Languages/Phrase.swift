import EskizWords

/// Everything the pages say, in the section `simulator` of the files of words.
enum Phrase: String, WordKey {
    static var section: String { "simulator" }

    // Around every page
    case simulator, skip, navigation, inbox, calls, controls, search, searchHint, settings, language, theme
    case themeAuto, themeLight, themeDark, live, liveLost, livePaused, liveOff, liveLabel, needsScript
    case copy, copied, copyCode, copyCurl, done, failed, cancel, currency, notFound, notFoundHint
    // Inbox
    case phones, noPhones, nothingFound, nothingFoundFor, conversation, noMessages, noMessagesHint
    case sendSample, tryCurl, baseURL, account, key, clearInbox, clearInboxHint, advertising, smsCount
    case allPhones, olderLeftOut
    // A message
    case message, from, to, text, timeline, segments, encoding, price, priceFormula, characters
    case forcing, operatorName, reference, dispatch, identifier, parts, reports, noReports, rawRequest, rawAnswer
    case curl, noLongerKept, bodyWithheld, bodyCut, noAnswer, answerReset, answerTruncated, emptyBody
    case stepTaken, stepStored, stepAccepted, stepFinal
    case stateWaiting, stateStored, stateAccepted, stateDelivered, statePartly, stateUndelivered, stateExpired
    case stateRejected, stateDeleted, stateUnknown
    // Calls
    case noCalls, noCallsHint, filter, filterAll, filterCredentials, filterSends, filterRefused, callNumber, time, token
    case generation, fault, note, status, renewalHealed, renewalOpen, partOfRenewal, times, sentMessages
    case whatLogin, whatRefresh, whatInvalidate, whatSend, whatReadMessages, whatReadAccount, whatTemplates
    case whatCheckText, whatReport, whatGeneration1, whatUnknown, whatCallback
    case noteNoToken, noteForeign, noteExpired, noteRevoked, noteLag, noteIssued, noteWrongKey, noteNoMoney
    case countLogins, countRefreshes, countRefused, countSent, countSendsRefused, countTokens, countCallbacks
    // Controls
    case quickControls, allControls, tokens, expireTokens, expireTokensHint, issueToken, lifetime, issue
    case nextSend, nextSendHint, arm, storm, stormHint, provider, providerHint, providerUp, providerDown, takeDown,
        bringBack
    case delay, delayHint, delayNone, delaySends, delivery, deliveryHint, apply
    case faults, noFaults, route, method, outcome, outcomeHint, repetitions, after, probability, add
    case remove, clearFaults, faultHits
    case faultResetBefore, faultResetAfter, faultSilence, faultSilenceAfter, faultGarbage, faultTruncated
    case fault401, fault429, fault500, fault502, fault503, faultStatus, faultTaken, faultDelay
    case clock, clockHint, advance, clockNow, clockAdvanced
    case templates, noTemplates, approveService, approveAdvertising, reject
    case switches, switchesHint, modesHint, restoreDefaults, isChanged
    case groupCredentials, groupSending, groupReading, groupDelivery, groupNetwork
    case reset, resetHint, resetConfirm, faultBanner
}
