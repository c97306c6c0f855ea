import Eskiz
import EskizQueue
import Testing

@testable import EskizCommands

/// swift-testing has an `ExitStatus` of its own.
typealias Status = EskizCommands.ExitStatus

@Suite struct ExitStatusTests {
    @Test(arguments: [
        (EskizError.Code.invalidPhone, 64 as Int32), (.invalidText, 64), (.invalidUserSMSID, 64),
        (.invalidArgument, 64),
        (.invalidConfiguration, 78), (.textNotApproved, 1), (.testAccountTextOnly, 1), (.senderNotApproved, 1),
        (.forbidden, 1), (.notFound, 1), (.rateLimited, 1), (.refused, 1), (.credentialsRefused, 77),
        (.accountBlocked, 77), (.tokenDead, 77), (.newTokensRejected, 77), (.renewalFailed, 69),
        (.nameResolution, 69), (.connectionFailed, 69), (.tlsFailed, 69), (.timedOut, 69), (.connectionClosed, 69),
        (.serverError, 69), (.unexpectedAnswer, 69), (.redirected, 69), (.cancelled, 130), (.shutDown, 70),
        (.internalError, 70), (.storeFailed, 74),
    ])
    func `every code has its number`(code: EskizError.Code, number: Int32) {
        #expect(Status(EskizError(code, "It failed.", remedy: "")).rawValue == number)
    }

    @Test(arguments: [EskizError.Code.timedOut, .connectionClosed, .serverError, .unexpectedAnswer, .cancelled])
    func `an unknown outcome is 75 whatever the code`(code: EskizError.Code) {
        #expect(Status(EskizError(code, "Lost.", remedy: "", isOutcomeUnknown: true)) == .unknownOutcome)
    }

    @Test(arguments: [
        (StoreError.Code.diskFull, 74 as Int32), (.unavailable, 74), (.readOnly, 78), (.locked, 78), (.corrupt, 78),
        (.newerSchema, 78), (.olderSchema, 78),
    ])
    func `a store that is full is no wrong setting`(code: StoreError.Code, number: Int32) {
        #expect(Status(EskizError(store: StoreError(code, "It failed.", remedy: "Mend it."))).rawValue == number)
    }

    @Test func `the worst of several failures is the one to look at first`() {
        #expect(Status.worst(of: [.refused, .configuration, .unavailable]) == .configuration)
        #expect(Status.worst(of: [.unavailable, .credentials]) == .credentials)
        #expect(Status.worst(of: [Status]()) == .success)
        for status in Status.allCases { #expect(Status.worst(of: [status, .success]) == status) }
    }
}
