extension Provider {
    /// Routes a call to its rule after the checks that all of them share.
    mutating func answer(_ endpoint: Endpoint, _ call: Call, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        entry.what = Endpoint?.some(endpoint).words
        switch endpoint {
        case .login: return login(call, at: now, entry: &entry)
        case .refresh: return refresh(call, at: now, entry: &entry)
        default: break
        }
        let verdict = judge(call.bearer, at: now, entry: &entry)
        guard case .valid(let token) = verdict, let index = accounts.firstIndex(where: { $0.id == token.accountID })
        else {
            if endpoint.isSend { ledger.sendsRefused += 1 }
            return Handling(reply: .answer(unauthorized(verdict)))
        }
        if behaviour.blockedAccount == .forbidden {
            if endpoint.isSend { ledger.sendsRefused += 1 }
            return Handling(reply: .answer(refusal("Ваш аккаунт заблокирован", status: 403)))
        }
        return answer(endpoint, call, account: index, token: token, at: now, entry: &entry)
    }

    private mutating func judge(_ bearer: Bearer, at now: WallTime, entry: inout Ledger.Call) -> TokenRegistry.Verdict {
        let verdict = tokens.judge(bearer, at: now, lagShare: behaviour.replicaLagShare)
        if let token = verdict.token {
            entry.tokenGeneration = token.generation
            entry.tokenFingerprint = token.fingerprint
            entry.account = accounts.first { $0.id == token.accountID }?.email
        }
        entry.note =
            switch verdict {
            case .valid: nil
            case .missing: "no token"
            case .foreign: "not a token of ours"
            case .expired: "token expired"
            case .revoked: "token revoked"
            case .notYetKnown: "token not yet known to this replica"
            }
        return verdict
    }

    // MARK: Unauthorized

    mutating func unauthorized(_ verdict: TokenRegistry.Verdict) -> Answer {
        var answer = unauthorized()
        switch verdict {
        case .missing: answer.status = behaviour.missingHeaderStatus
        case .foreign: answer.status = behaviour.garbageTokenStatus
        case .valid, .expired, .revoked, .notYetKnown: break
        }
        return answer
    }

    /// 401 in the words of one of the three generations (`eskiz-api.md` §2.6, §11.2).
    mutating func unauthorized() -> Answer {
        switch behaviour.unauthorizedBody {
        case .gen3: refusal("Expired", status: 401)
        case .gen2: .json(["status": "token-invalid", "message": "Expired token"], status: 401)
        case .gen2Underscore: .json(["status": "token_invalid", "message": "Expired token"], status: 401)
        case .gen1: .json(["message": "Token has expired", "status_code": 401], status: 401)
        }
    }

    // MARK: Login and refresh

    private mutating func login(_ call: Call, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        if let scripted = scriptedAuthAnswer(.login, call, at: now, entry: &entry) { return scripted }
        guard let email = call.fields.nonEmpty("email"), let key = call.fields.nonEmpty("password") else {
            return refuseCredentials(missingField(call), entry: &entry, note: "field missing")
        }
        guard let index = accounts.firstIndex(where: { $0.email == email.lowercased() }) else {
            return refuseCredentials(badCredentials, entry: &entry, note: "unknown e-mail")
        }
        entry.account = accounts[index].email
        if isLocked(index, at: now) {
            return refuseCredentials(
                refusal("Аккаунт временно заблокирован", status: 403),
                entry: &entry,
                note: "locked"
            )
        }
        guard accounts[index].key == key else {
            accounts[index].failedLogins += 1
            if let limit = behaviour.lockAfter, accounts[index].failedLogins >= limit { accounts[index].lockedAt = now }
            return refuseCredentials(badCredentials, entry: &entry, note: "wrong key")
        }
        accounts[index].failedLogins = 0
        if behaviour.blockedAccount == .loginWithoutToken {
            entry.note = "blocked account"
            return Handling(reply: .answer(Self.tokenAnswer(token: nil, message: "token_generated")))
        }
        let claims = issue(for: accounts[index], chain: nil, at: now, entry: &entry)
        if behaviour.loginRevokesOthers { tokens.revokeAll(of: accounts[index].id, except: claims.sign, at: now) }
        ledger.logins += 1
        return losingAnswer(Handling(reply: .token(claims, message: "token_generated")), entry: &entry)
    }

    private mutating func refresh(_ call: Call, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        let verdict = judge(call.bearer, at: now, entry: &entry)
        if let scripted = scriptedAuthAnswer(.refresh, call, at: now, entry: &entry) { return scripted }
        let old: IssuedToken
        switch verdict {
        case .valid(let token): old = token
        case .expired(let token) where behaviour.refreshExpired == .allow: old = token
        case .expired, .revoked, .missing, .foreign, .notYetKnown:
            return refuseCredentials(unauthorized(verdict), entry: &entry, note: entry.note)
        }
        guard let account = accounts.first(where: { $0.id == old.accountID }) else {
            return refuseCredentials(unauthorized(), entry: &entry, note: "no such account")
        }
        if let horizon = behaviour.refreshHorizon, now - old.chainStartedAt > horizon {
            return refuseCredentials(unauthorized(), entry: &entry, note: "past the refresh horizon")
        }
        let message = behaviour.refreshMessage.rawValue
        ledger.refreshes += 1
        if behaviour.refreshSameToken {
            let claims = self.claims(of: old, role: role(of: account))
            return losingAnswer(Handling(reply: .token(claims, message: message)), entry: &entry)
        }
        let claims = issue(for: account, chain: old.chainStartedAt, at: now, entry: &entry)
        if behaviour.oldToken == .revoked { tokens.revoke(old.sign, at: now + behaviour.oldTokenGrace) }
        return losingAnswer(Handling(reply: .token(claims, message: message)), entry: &entry)
    }

    private func isLocked(_ index: Int, at now: WallTime) -> Bool {
        guard behaviour.lockAfter != nil, let lockedAt = accounts[index].lockedAt else { return false }
        return behaviour.lockFor.map { now < lockedAt + $0 } ?? true
    }

    private mutating func refuseCredentials(_ answer: Answer, entry: inout Ledger.Call, note: String?) -> Handling {
        if !(200..<300).contains(answer.status) { ledger.refused += 1 }
        entry.note = note
        return Handling(reply: .answer(answer))
    }

    /// Exactly one key: a public client takes any such answer for wrong credentials (`eskiz-api.md` §2.1, §11.2).
    private var badCredentials: Answer {
        let text =
            switch behaviour.badCredentials {
            case .russian: "Неверный Email или пароль"
            case .invalidCredentials: "invalid_credentials"
            }
        return .json(["message": .string(text)], status: 401)
    }

    private mutating func missingField(_ call: Call) -> Answer {
        let missing = ["email", "password"].filter { call.fields.nonEmpty($0) == nil }
        switch behaviour.loginMissingField {
        case .badCredentials: return badCredentials
        case .gen3: return refusal("\(missing[0]) is required")
        case .gen1:
            let fields = missing.map {
                JSON.Member(name: $0, value: [.string("The \($0) field is required.")])
            }
            return .json(["message": .object(fields)], status: 422)
        }
    }

    // MARK: Tokens

    static func tokenAnswer(token: String?, message: String) -> Answer {
        let data: JSON = token.map { ["token": .string($0)] } ?? [:]
        return .json(["message": .string(message), "data": data, "token_type": "bearer"])
    }

    func role(of account: Account) -> Account.Role { behaviour.roleOverride ?? account.role }

    /// Registers a new token; its life is whole seconds, as claims are.
    private mutating func issue(
        for account: Account,
        chain: WallTime?,
        at now: WallTime,
        entry: inout Ledger.Call
    ) -> TokenClaims {
        let issuedAt = WallTime(seconds: now.seconds)
        let token = tokens.issue(
            sign: random.hex(64),
            accountID: account.id,
            chainStartedAt: chain ?? now,
            expiresAt: issuedAt + configuration.tokenLifetime,
            knownEverywhereAt: now + behaviour.replicaLag
        )
        ledger.tokensIssued += 1
        entry.note = "issued generation \(token.generation)"
        if entry.tokenGeneration == nil {
            entry.tokenGeneration = token.generation
            entry.tokenFingerprint = token.fingerprint
        }
        entry.account = account.email
        return claims(of: token, role: role(of: account))
    }

    /// `exp − iat` is the lifetime, always.
    private func claims(of token: IssuedToken, role: Account.Role) -> TokenClaims {
        TokenClaims(
            exp: token.expiresAt.seconds,
            iat: (token.expiresAt - configuration.tokenLifetime).seconds,
            role: role.rawValue,
            sign: token.sign,
            sub: String(token.accountID),
            isOpaque: behaviour.tokenFormat == .opaque
        )
    }

    /// A token made by the control API: `exp` as asked, `iat` never in the future.
    mutating func issueToken(expiresIn: Duration?, email: String?, at real: WallTime) -> (IssuedToken, TokenClaims)? {
        guard let account = accounts.first(where: { $0.email == (email ?? accounts[0].email).lowercased() }) else {
            return nil
        }
        let now = now(real)
        let expiresAt = WallTime(seconds: (now + (expiresIn ?? configuration.tokenLifetime)).seconds)
        let issuedAt = min(now, expiresAt - configuration.tokenLifetime)
        let token = tokens.issue(
            sign: random.hex(64),
            accountID: account.id,
            chainStartedAt: issuedAt,
            expiresAt: expiresAt,
            knownEverywhereAt: now
        )
        ledger.tokensIssued += 1
        var claims = claims(of: token, role: role(of: account))
        claims.iat = issuedAt.seconds
        return (token, claims)
    }

    // MARK: Unfriendly answers (M9, M10)

    /// The processed login or refresh whose answer never arrives (M9).
    private mutating func losingAnswer(_ handling: Handling, entry: inout Ledger.Call) -> Handling {
        guard behaviour.lostAuthAnswer != .none,
            behaviour.lostAuthAnswerTimes.map({ lostAuthAnswersGiven < $0 }) ?? true
        else { return handling }
        lostAuthAnswersGiven += 1
        entry.fault = .lostAnswer(behaviour.lostAuthAnswer)
        var handling = handling
        handling.wire =
            switch behaviour.lostAuthAnswer {
            case .none: .answer
            case .reset: .reset
            case .timeout: .silence
            case .truncated: .truncated
            }
        return handling
    }

    /// The answer that the switch `auth_answer` puts in the place of the true one (M10).
    private mutating func scriptedAuthAnswer(
        _ route: Behaviour.AuthRoutes,
        _ call: Call,
        at now: WallTime,
        entry: inout Ledger.Call
    ) -> Handling? {
        guard behaviour.authAnswer != .normal,
            behaviour.authAnswerOn == .both || behaviour.authAnswerOn == route,
            behaviour.authAnswerTimes.map({ authAnswersGiven < $0 }) ?? true
        else { return nil }
        authAnswersGiven += 1
        entry.fault = .authAnswer(behaviour.authAnswer)
        switch behaviour.authAnswer {
        case .normal: return nil
        case .unauthorized: return refuseCredentials(unauthorized(), entry: &entry, note: nil)
        case .forbidden:
            return refuseCredentials(refusal("Доступ запрещён", status: 403), entry: &entry, note: nil)
        case .tooManyRequests:
            var answer = refusal("Too Many Requests", status: 429)
            let seconds = Int(behaviour.authRetryAfter.inSeconds.rounded(.up))
            answer.headers.append(.init(name: "Retry-After", value: String(seconds)))
            return refuseCredentials(answer, entry: &entry, note: nil)
        case .internalError: return refuseCredentials(.gatewayFault(500), entry: &entry, note: nil)
        case .badGateway: return refuseCredentials(.gatewayFault(502), entry: &entry, note: nil)
        case .unavailable: return refuseCredentials(.gatewayFault(503), entry: &entry, note: nil)
        case .errorBody:
            return refuseCredentials(refusal("Внутренняя ошибка", status: 200), entry: &entry, note: nil)
        case .html:
            let page = "<!DOCTYPE html><html><body>Please wait…</body></html>"
            return refuseCredentials(.text(page, contentType: "text/html"), entry: &entry, note: nil)
        case .emptyToken:
            return Handling(reply: .answer(Self.tokenAnswer(token: "", message: "token_generated")))
        case .noToken: return Handling(reply: .answer(Self.tokenAnswer(token: nil, message: "token_generated")))
        case .expiredToken, .noExpiry:
            guard let account = accountOfCredentials(route, call, at: now) else { return nil }
            var claims = issue(for: account, chain: nil, at: now, entry: &entry)
            if route == .login { ledger.logins += 1 } else { ledger.refreshes += 1 }
            if behaviour.authAnswer == .noExpiry {
                claims.exp = nil
            } else {
                let age = Int(configuration.tokenLifetime.inSeconds) + 60
                claims.exp = claims.exp.map { $0 - age }
                claims.iat -= age
            }
            return Handling(reply: .token(claims, message: "token_generated"))
        }
    }

    private mutating func accountOfCredentials(
        _ route: Behaviour.AuthRoutes,
        _ call: Call,
        at now: WallTime
    ) -> Account? {
        if route == .login {
            return accounts.first {
                $0.email == call.fields.text("email")?.lowercased() && $0.key == call.fields.text("password")
            }
        }
        let token = tokens.judge(call.bearer, at: now, lagShare: 0).token
        return accounts.first { $0.id == token?.accountID }
    }
}
