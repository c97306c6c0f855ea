/// Everything that is said to people, in every language (see `English.swift`, `Uzbek.swift`, `Russian.swift`).
///
/// `{…}` in a catalogue are placeholders; a test sees to it that the three agree on them.
package enum Phrase: String, Sendable, CaseIterable {
    // MARK: Everywhere

    case outputFailed
    case providerSaid
    case outcomeUnknown
    case outcomeUnknownRemedy
    case retryAfter
    case details
    case nothingFound
    case unitDays
    case unitHours
    case unitMinutes
    case unitSeconds
    case currency
    case yes
    case no

    // MARK: Labels and headings

    case labelTo
    case labelFrom
    case labelStatus
    case labelPrice
    case labelSent
    case labelDelivered
    case labelOperator
    case labelReference
    case labelText
    case columnSent
    case columnTime
    case columnParts
    case columnOperator
    case columnCountry
    case columnPrefix
    case columnPrice
    case columnService
    case columnAdvertising
    case columnTemplate
    case columnYear
    case columnMonth
    case columnServiceParts
    case columnServiceSpent
    case columnAdParts
    case columnAdSpent
    case columnTotalParts
    case columnTotalSpent
    case columnCount
    case columnLevel
    case columnMessage
    case columnNote

    // MARK: States of a message

    case statusWaiting
    case statusStored
    case statusNew
    case statusAccepted
    case statusPartDelivered
    case statusDelivered
    case statusRejected
    case statusUndelivered
    case statusExpired
    case statusFailed
    case statusUnknown

    // MARK: send

    case sendTaken
    case sendFollowing
    case sendDelivered
    case sendNotDelivered
    case sendStillOpen

    // MARK: token

    case tokenNone
    case tokenNoneWillLogIn
    case tokenNoneRemedy
    case tokenAccountMissing
    case tokenLoginMissing
    case tokenPreview
    case tokenIssued
    case tokenExpires
    case tokenLeft
    case tokenExpiredAgo
    case tokenStored
    case tokenEndless
    case tokenDue
    case tokenRejected
    case tokenStoreDegraded
    case tokenRenewed
    case tokenRenewedOnly
    case tokenHeld
    case tokenStillGood
    case tokenLoggedIn
    case tokenLoggedInOnly
    case tokenChange

    // MARK: segments

    case segmentsEncoding
    case segmentsCount
    case segmentsUnits
    case segmentsUnitsOf
    case segmentsForcing
    case segmentsTooMany
    case textWouldCost
    // A gateway that is asked
    case gatewayKeyMissing
    case gatewayKeyMissingRemedy
    case gatewayAway
    case gatewayAwayRemedy
    case gatewayKeyRefused
    case gatewayKeyRefusedRemedy
    case segmentsSaves
    case segmentsSavesNothing

    // MARK: serve, keys

    case servePage
    case serveAPI
    case serveKeyMade
    case serveKeyKept
    case serveTry
    case serveStop
    case serveNeedsAccount
    case serveNeedsAccountReal
    case serveNeedsAccountSimulator
    case keyMade
    case keyShownOnce
    case keyRevoked
    case keyNone
    case tokenKeyNeeded
    case tokenKeyNeededRemedy
    case tokenKeyWrong
    case tokenKeyWrongRemedy
    case databaseNone
    case databaseNoneRemedy
    case databaseMissing
    case databaseOlder
    case databaseCurrent
    case databaseMigrated
    case databaseNewer
    case databaseTooNew
    case databasePooled
    case databaseCopied
    case databaseCopySame
    case databaseCopiedToken
    case databaseCopyNext
    case databaseCopyKinds
    case databaseCopyKindsRemedy
    case databaseCopyInUse
    case databaseCopyInUseRemedy
    case databaseCopyHoldsOther
    case databaseCopyHoldsOtherRemedy
    case databaseCopyNoTable
    case databaseCopyNoTableRemedy
    case databaseCopyDiffers
    case databaseCopyDiffersRemedy
    case columnTable
    case columnName
    case columnScopes
    case columnCreated
    case columnState

    // MARK: simulate

    case simulateInbox
    case simulateAPI
    case simulateAccount
    case simulateTry
    case simulateStop

    // MARK: Account verbs

    case balanceIs
    case pricesLocal
    case pricesGlobal
    case templateAdded
    case templateModeration
    case templateInProcess
    case templateService
    case templateAdvertising
    case templateRejected
    case checkCanSend
    case checkCannotSend
    case checkForbidden
    case checkSize
    case normalizeUnchanged
    case normalizeChanged
    case normalizeSpecial
    case messagesPage

    // MARK: self-test

    case stepConfiguration
    case stepStateDirectory
    case stepDiskSpace
    case stepNameResolution
    case stepConnection
    case stepTLS
    case stepAnswer
    case stepClock
    case stepToken
    case stepRefresh
    case stepAccount
    case stepBalance
    case stepSenders
    case stepTemplate
    case stepCallback
    case stepSMS
    case stepNotReached
    case stepNeedsNetwork
    case stepNeedsToken
    case configurationGood
    case configurationBare
    case configurationBareRemedy
    case configurationTokenOnly
    case configurationTokenOnlyRemedy
    case stateGood
    case stateNowhere
    case stateNowhereRemedy
    case stateUnwritable
    case stateUnwritableRemedy
    case stateTooOpen
    case stateTooOpenRemedy
    case diskGood
    case diskLow
    case diskFull
    case diskUnknown
    case diskRemedy
    case dnsGood
    case dnsFailed
    case dnsRemedy
    case dnsByProxy
    case dnsNotNeeded
    case connectGood
    case connectFailed
    case connectRemedy
    case tlsGood
    case tlsFailed
    case tlsRemedy
    case tlsNotUsed
    case answerGood
    case answerFailed
    case answerRemedy
    case answerServerError
    case answerServerErrorRemedy
    case answerRedirect
    case answerRedirectRemedy
    case clockGood
    case clockOff
    case clockRemedy
    case clockUnknown
    case tokenStepNone
    case tokenStepNothing
    case tokenStepNothingRemedy
    case tokenStepDead
    case tokenStepDeadRemedy
    case tokenStepMemory
    case tokenStepDue
    case tokenStepGood
    case tokenStepEndless
    case refreshStepDone
    case refreshStepFirst
    case refreshStepNotDue
    case accountGood
    case accountTest
    case accountTestRemedy
    case balanceGood
    case balanceEmpty
    case balanceRemedy
    case sendersGood
    case sendersMissing
    case sendersRemedy
    case templateGood
    case templateRefused
    case templateRemedy
    case templateTest
    case verifyTemplateGood
    case verifyTemplateRefused
    case verifyTemplateRemedy
    case callbackNone
    case callbackGood
    case callbackBroken
    case callbackPrivate
    case callbackRemedy
    case callbackPlain
    case callbackPlainRemedy
    case smsDelivered
    case smsNotDelivered
    case smsRemedy
    case smsStillOpen
    case smsStillOpenRemedy
    case selfTestGood
    case selfTestWarnings
    case selfTestFailed

    // MARK: demo

    case demoTitle
    case demoSimulator
    case demoGateway
    case demoTokenIssued
    case demoTokenExpired
    case demoSending
    case demoRejected
    case demoRefreshAccepted
    case demoRefreshRefused
    case demoLoggedIn
    case demoLoginRefused
    case demoSentAgain
    case demoSent
    case demoStatus
    case demoDelivered
    case demoNotDelivered
    case demoSummary
    case demoTry
    case demoTryExpire
    case demoTryPoint
    case demoTrySend
    case demoEnter
    case demoStop
    case fleetTitle
    case fleetGateways
    case fleetAccepted
    case fleetKilled
    case fleetWhole
    case fleetNotWhole
    case fleetNoDatabase
    case fleetNoDatabaseRemedy
    case fleetDatabaseUsed
    case fleetDatabaseUsedRemedy
}
