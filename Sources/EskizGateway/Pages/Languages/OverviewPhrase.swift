import EskizPages
import EskizWords

/// What the first screen says.
enum OverviewPhrase: String, PagePhrase {
    // Is it well
    case health, healthWell, healthAttention, healthSlow, healthAway, healthTrying, healthRenewing, healthStopping,
        healthStore
    case healthDisk, healthTokenDead, healthTokenAbsent, healthCredentials, healthBalance, healthConfiguration
    case healthWillFail, healthLoginWillFail, healthNoToken, healthNoTokenUntil, healthNoMoney, healthLowBalance,
        healthClocks, asOf
    // What needs a person
    case needsYou, nothingNeedsYou, unknownOutcomes, unknownAdvice, deadWebhooks, deadWebhooksAdvice
    case refusedToday, refusedAdvice, show
    // Queue and today
    case queue, laneOTP, laneTransactional, laneBulk, waiting, oldest, lane, scheduledToo
    case today, todayShare, accepted, submitted, delivered, notDelivered
    // Token
    case token, tokenValid, tokenDue, tokenExpired, tokenRejected, tokenAbsent, tokenLeft, tokenEnds
    case lastRenewal, nextRenewal, renewNow, renewNowHint, renewed, renewNotDone, renewalFailed, renewedBefore
    case becauseStart, becauseEarly, becauseExpired, becauseRejected, becauseByHand, byLogin
    case nextAtOnce, nextSoon, nextCorrected, nextAfterRefusal, nextHeld, nextIn, tokenInMemory
    // Provider and balance
    case provider, providerWorks, providerTrying, providerAway, providerBlocked, since, answersIn, answersSlowest
    case lastAnswers, noAnswersYet, clockAhead, clockBehind
    case balance, balanceNotKnown, balanceLasts, balanceLastsLong, nothingSpent, spentLastHour
    // The gateways of a fleet
    case gateways, gatewaysAlive, gatewayName, gatewayVersion, gatewaySince, gatewayState, gatewayInHand
    case gatewayThis, gatewayAlive, gatewaySilent, gatewaysMixed
    // Charts
    case traffic, rangeHour, rangeDay, rangeWeek, range, chartSummary, asTable, time, nothingHappened
    case deliveryTime, half, almostAll, operators, operatorName, share, otherOperators, nothingDelivered
}
