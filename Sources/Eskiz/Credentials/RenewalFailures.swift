// What the keeper says when there is no token to be had.

extension RenewalMachine {
    static let shutDownError = EskizError(
        .shutDown,
        "The client has been shut down.",
        remedy: "Make a new client.",
        mayRepeat: true
    )

    static let waitedTooLongError = EskizError(
        .renewalFailed,
        "The token was still being renewed when the time of this call was over.",
        remedy: "Try again; if it happens often, raise ESKIZ_TIMEOUT.",
        mayRepeat: true
    )

    static let newTokensRejectedError = EskizError(
        .newTokensRejected,
        "Eskiz rejects tokens that it has only just issued.",
        remedy: "Ask Eskiz whether the account is active; a new token is tried again by and by.",
        httpStatus: 401,
        mayRepeat: true
    )

    static let lockBusyError = EskizError(
        .renewalFailed,
        "Another process is renewing the token and has not finished.",
        remedy: "Try again; if no other process runs, look for one that hangs while it holds token.lock.",
        mayRepeat: true
    )

    static let nothingToStartFromError = EskizError(
        .tokenDead,
        "There is no token, and nothing to log in with.",
        remedy: "Set ESKIZ_TOKEN, or ESKIZ_EMAIL and ESKIZ_PASSWORD (the key from the cabinet, SMS → Settings).",
        mayRepeat: true
    )

    static let nothingToLogInWithError = EskizError(
        .tokenDead,
        "The token is dead, Eskiz refused to refresh it, and there is nothing to log in with.",
        remedy: "Set ESKIZ_EMAIL and ESKIZ_PASSWORD (the key from the cabinet, SMS → Settings), or a new ESKIZ_TOKEN.",
        mayRepeat: true
    )

    static let noLoginConfiguredError = EskizError(
        .tokenDead,
        "There is nothing to log in with.",
        remedy: "Set ESKIZ_EMAIL and ESKIZ_PASSWORD (the key from the cabinet, SMS → Settings).",
        mayRepeat: true
    )

    static func flightTimedOutError(_ policy: RenewalPolicy) -> EskizError {
        EskizError(
            .timedOut,
            "The token could not be renewed within \(DurationSetting.describe(policy.flightTimeout)).",
            remedy: "Check the network and Eskiz; it is tried again by itself.",
            mayRepeat: true
        )
    }

    static func budgetError(_ policy: RenewalPolicy) -> EskizError {
        EskizError(
            .renewalFailed,
            "The token was renewed too often in a short time.",
            remedy: "Find out who else logs in with this account, or who asks for renewals in a loop.",
            retryAfter: policy.budgetInterval,
            mayRepeat: true
        )
    }

    static func badTokenError(_ why: Sentence) -> EskizError {
        EskizError(
            .unexpectedAnswer,
            "Eskiz answered with a token that cannot replace the old one: \(why).",
            remedy: "Nothing was changed; it is tried again by itself.",
            mayRepeat: true
        )
    }

    static func loginRefusedError(_ cause: EskizError) -> EskizError {
        EskizError(
            .credentialsRefused,
            "Eskiz refused the e-mail or the API key.",
            remedy: "Check ESKIZ_EMAIL and ESKIZ_PASSWORD: the password is the key from the cabinet, SMS → Settings, "
                + "not the one you enter the cabinet with. Unchanged, they are left alone for a while.",
            httpStatus: cause.httpStatus,
            provider: cause.provider,
            mayRepeat: true,
            cause: cause
        )
    }

    static func accountBlockedError(_ cause: EskizError) -> EskizError {
        EskizError(
            .accountBlocked,
            "Eskiz accepted the login but gave no token.",
            remedy: "The account is blocked or not activated: look into the cabinet, or call Eskiz.",
            httpStatus: cause.httpStatus,
            provider: cause.provider,
            mayRepeat: true,
            cause: cause
        )
    }

    static func loginHeldBackError(_ left: Duration) -> EskizError {
        EskizError(
            .credentialsRefused,
            "Eskiz refused this e-mail and key before; they are left alone so that the account is not locked.",
            remedy: "Correct ESKIZ_EMAIL or ESKIZ_PASSWORD, or run `eskiz login` to try them again now.",
            retryAfter: left,
            mayRepeat: true
        )
    }
}
