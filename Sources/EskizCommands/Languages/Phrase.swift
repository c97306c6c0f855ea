import EskizWords

/// What the command says, in the section `command` of the files of words.
package enum Phrase: String, WordKey {
    // Everywhere
    case outputFailed, providerSaid, outcomeUnknown, outcomeUnknownRemedy, retryAfter, details, nothingFound, unitDays
    case unitHours, unitMinutes, unitSeconds, currency, yes, no
    // Labels and headings
    case labelTo, labelFrom, labelStatus, labelPrice, labelSent, labelDelivered, labelOperator, labelReference
    case labelText, columnSent, columnTime, columnParts, columnOperator, columnCountry, columnPrefix, columnPrice
    case columnService, columnAdvertising, columnTemplate, columnYear, columnMonth, columnServiceParts
    case columnServiceSpent, columnAdParts, columnAdSpent, columnTotalParts, columnTotalSpent, columnCount
    case columnLevel, columnMessage, columnNote
    // States of a message
    case statusWaiting, statusStored, statusNew, statusAccepted, statusPartDelivered, statusDelivered, statusRejected
    case statusUndelivered, statusExpired, statusFailed, statusUnknown
    // send
    case sendTaken, sendFollowing, sendDelivered, sendNotDelivered, sendStillOpen
    // token
    case tokenNone, tokenNoneWillLogIn, tokenNoneRemedy, tokenAccountMissing, tokenLoginMissing, tokenPreview
    case tokenIssued, tokenExpires, tokenLeft, tokenExpiredAgo, tokenStored, tokenEndless, tokenDue, tokenRejected
    case tokenStoreDegraded, tokenRenewed, tokenRenewedOnly, tokenHeld, tokenStillGood, tokenLoggedIn
    case tokenLoggedInOnly, tokenChange
    // segments
    case segmentsEncoding, segmentsCount, segmentsUnits, segmentsUnitsOf, segmentsForcing, segmentsTooMany
    case textWouldCost
    // A gateway that is asked
    case gatewayKeyMissing, gatewayKeyMissingRemedy, gatewayAway, gatewayAwayRemedy, gatewayKeyRefused
    case gatewayKeyRefusedRemedy, segmentsSaves, segmentsSavesNothing
    // serve, keys
    case servePage, serveAPI, serveKeyMade, serveKeyKept, serveTry, serveStop, serveNeedsAccount
    case serveNeedsAccountReal, serveNeedsAccountSimulator, keyMade, keyShownOnce, keyRevoked, keyNone, tokenKeyNeeded
    case tokenKeyNeededRemedy, tokenKeyWrong, tokenKeyWrongRemedy, databaseNone, databaseNoneRemedy, databaseMissing
    case databaseOlder, databaseCurrent, databaseMigrated, databaseNewer, databaseTooNew, databasePooled
    case databaseCopied, databaseCopySame, databaseCopiedToken, databaseCopyNext, databaseCopyKinds
    case databaseCopyKindsRemedy, databaseCopyInUse, databaseCopyInUseRemedy, databaseCopyHoldsOther
    case databaseCopyHoldsOtherRemedy, databaseCopyNoTable, databaseCopyNoTableRemedy, databaseCopyDiffers
    case databaseCopyDiffersRemedy, columnTable, columnName, columnScopes, columnCreated, columnState
    // simulate
    case simulateInbox, simulateAPI, simulateAccount, simulateTry, simulateStop
    // Account verbs
    case balanceIs, pricesLocal, pricesGlobal, templateAdded, templateModeration, templateInProcess, templateService
    case templateAdvertising, templateRejected, checkCanSend, checkCannotSend, checkForbidden, checkSize
    case normalizeUnchanged, normalizeChanged, normalizeSpecial, messagesPage
    // self-test
    case stepConfiguration, stepStateDirectory, stepDiskSpace, stepNameResolution, stepConnection, stepTLS, stepAnswer
    case stepClock, stepToken, stepRefresh, stepAccount, stepBalance, stepSenders, stepTemplate, stepCallback, stepSMS
    case stepNotReached, stepNeedsNetwork, stepNeedsToken, configurationGood, configurationBare
    case configurationBareRemedy, configurationTokenOnly, configurationTokenOnlyRemedy, stateGood, stateNowhere
    case stateNowhereRemedy, stateUnwritable, stateUnwritableRemedy, stateTooOpen, stateTooOpenRemedy, diskGood
    case diskLow, diskFull, diskUnknown, diskRemedy, dnsGood, dnsFailed, dnsRemedy, dnsByProxy, dnsNotNeeded
    case connectGood, connectFailed, connectRemedy, tlsGood, tlsFailed, tlsRemedy, tlsNotUsed, answerGood
    case answerFailed, answerRemedy, answerServerError, answerServerErrorRemedy, answerRedirect, answerRedirectRemedy
    case clockGood, clockOff, clockRemedy, clockUnknown, tokenStepNone, tokenStepNothing, tokenStepNothingRemedy
    case tokenStepDead, tokenStepDeadRemedy, tokenStepMemory, tokenStepDue, tokenStepGood, tokenStepEndless
    case refreshStepDone, refreshStepFirst, refreshStepNotDue, accountGood, accountTest, accountTestRemedy
    case balanceGood, balanceEmpty, balanceRemedy, sendersGood, sendersMissing, sendersRemedy, templateGood
    case templateRefused, templateRemedy, templateTest, verifyTemplateGood, verifyTemplateRefused
    case verifyTemplateRemedy, callbackNone, callbackGood, callbackBroken, callbackPrivate, callbackRemedy
    case callbackPlain, callbackPlainRemedy, smsDelivered, smsNotDelivered, smsRemedy, smsStillOpen
    case smsStillOpenRemedy, selfTestGood, selfTestWarnings, selfTestFailed
    // demo
    case demoTitle, demoSimulator, demoGateway, demoTokenIssued, demoTokenExpired, demoSending, demoRejected
    case demoRefreshAccepted, demoRefreshRefused, demoLoggedIn, demoLoginRefused, demoSentAgain, demoSent
    case demoDelivered, demoNotDelivered, demoSummary, demoTry, demoTryExpire, demoTryPoint, demoTrySend, demoEnter
    case demoStop, fleetTitle, fleetGateways, fleetAccepted, fleetKilled, fleetWhole, fleetNotWhole, fleetNoDatabase
    case fleetNoDatabaseRemedy, fleetDatabaseUsed, fleetDatabaseUsedRemedy

    package static var section: String { "command" }
}
