import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct TokenCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "token",
            abstract: .text(.token),
            discussion: """
                  eskiz token
                  eskiz token --json | jq .days_left

                \(HelpText.tokenDetails)
                """
        )
    }

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> TokenAnswer {
        let client = context.settings.client
        return TokenAnswer(
            token: await eskiz.inspectedTokenStatus(),
            hold: await eskiz.renewalHold(),
            canLogIn: client.email != nil && client.password != nil,
            place: client.stateDirectory
        )
    }
}

struct LoginCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "login",
            abstract: .text(.login),
            discussion: """
                  ESKIZ_EMAIL=ops@example.test ESKIZ_PASSWORD_FILE=/run/eskiz eskiz login

                \(HelpText.loginDetails)
                """
        )
    }

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> RenewalAnswer {
        guard context.settings.client.email != nil else {
            throw EskizError.missingAccount(.tokenLoginMissing, remedy: .tokenStepNothingRemedy)
        }
        let before = await eskiz.storedTokenStatus()
        return RenewalAnswer(kind: .loggedIn, before: before, after: try await eskiz.logIn())
    }
}

struct RefreshTokenCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "refresh-token",
            abstract: .text(.refreshToken),
            discussion: """
                  eskiz refresh-token
                  17 4 * * * eskiz refresh-token --if-needed      (crontab)

                \(HelpText.refreshTokenDetails)
                """
        )
    }

    @Flag(help: .text(.ifNeeded))
    var ifNeeded = false

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> RenewalAnswer {
        let before = await eskiz.storedTokenStatus()
        guard ifNeeded else {
            return RenewalAnswer(kind: .renewed, before: before, after: try await eskiz.renewToken())
        }
        let renewal = try await eskiz.renewTokenIfDue()
        return RenewalAnswer(kind: renewal.renewed ? .renewed : .stillGood, before: before, after: renewal.status)
    }
}

/// What `token` prints.
struct TokenAnswer: Presentable, Judged {
    let token: TokenStatus?
    /// How long whoever renews the token waits before it asks again.
    let hold: RenewalHold?
    let canLogIn: Bool
    /// Where a token would be stored, if there is none.
    let place: String?

    var status: ExitStatus {
        // Nothing to start from and nothing to log in with: settings are missing, not refused.
        guard let token else { return canLogIn ? .success : .configuration }
        let isDead = token.isRejected || (token.remaining ?? .seconds(1)) <= .zero
        return isDead && !canLogIn ? .credentials : .success
    }

    func json() -> JSONValue {
        guard let token else {
            return JSONValue.object([
                .init("token", nil), .init("can_log_in", .bool(canLogIn)), .init("stored_in", .text(place)),
            ]).adding(holdFields)
        }
        return token.document.adding([.init("can_log_in", .bool(canLogIn))] + holdFields)
    }

    private var holdFields: [JSONValue.Member] {
        [
            .init("renewal_held_until", .text(hold.map { TashkentTime.rfc3339($0.date) })),
            .init("renewal_held_by", .text(hold?.code)),
        ]
    }

    private func holdLine(on page: Page) -> String? {
        hold.map { page.ink.careful(page.say(.tokenHeld, ["time": TashkentTime.text($0.date), "code": $0.code])) }
    }

    func text(on page: Page) -> String {
        guard let token else {
            let advice = page.say(canLogIn ? .tokenNoneWillLogIn : .tokenNoneRemedy)
            return [page.ink.careful(page.say(.tokenNone)), holdLine(on: page), advice].compactMap(\.self)
                .joined(separator: "\n")
        }
        var lines = [token.facts(on: page)]
        if token.isRejected { lines.append(page.ink.careful(page.say(.tokenRejected))) }
        if token.expiresAt == nil { lines.append(page.say(.tokenEndless)) }
        if token.isDue { lines.append(page.ink.careful(page.say(.tokenDue))) }
        if token.isStoreDegraded { lines.append(page.ink.careful(page.say(.tokenStoreDegraded))) }
        if let line = holdLine(on: page) { lines.append(line) }
        if status != .success { lines.append(page.ink.bad(page.say(.tokenNoneRemedy))) }
        return lines.joined(separator: "\n")
    }
}

/// What `refresh-token` and `login` print.
struct RenewalAnswer: Presentable, Judged {
    enum Kind: String {
        case renewed
        case stillGood = "still_good"
        case loggedIn = "logged_in"
    }

    let kind: Kind
    let before: TokenStatus?
    let after: TokenStatus

    /// A token that only this process has is gone when it ends, which is at once.
    var status: ExitStatus { after.isStoreDegraded && kind != .stillGood ? .inputOutput : .success }

    func json() -> JSONValue {
        [
            "result": .string(kind.rawValue),
            "renewed": .bool(kind != .stillGood),
            "before": before?.document ?? nil,
            "after": after.document,
        ]
    }

    func text(on page: Page) -> String {
        // From cron, a token that is still good is no news: every line would become a mail.
        if kind == .stillGood, page.width == nil { return "" }
        let phrase: Phrase =
            switch kind {
            case .renewed: after.isStoreDegraded ? .tokenRenewedOnly : .tokenRenewed
            case .stillGood: .tokenStillGood
            case .loggedIn: after.isStoreDegraded ? .tokenLoggedInOnly : .tokenLoggedIn
            }
        let headline = page.say(phrase)
        var lines = [after.isStoreDegraded ? page.ink.careful(headline) : page.ink.good(headline)]
        if kind != .stillGood, let before {
            lines.append(
                page.say(
                    .tokenChange,
                    [
                        "old": before.preview, "old_end": before.expiresAt.map(TashkentTime.text) ?? "?",
                        "new": after.preview, "new_end": after.expiresAt.map(TashkentTime.text) ?? "?",
                    ]
                )
            )
        }
        lines.append(after.facts(on: page))
        if after.isStoreDegraded { lines.append(page.ink.careful(page.say(.tokenStoreDegraded))) }
        return lines.joined(separator: "\n")
    }
}

extension RenewalHold {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(until) / Double(Int64.nanosecondsPerSecond)) }
}

extension TokenStatus {
    /// Whole days that are left, rounded down; negative when it is over.
    var daysLeft: Int64? {
        remaining.map { left in
            let seconds = left.components.seconds
            return seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400)
        }
    }

    var document: JSONValue {
        [
            "preview": .string(preview),
            "fingerprint": .string(fingerprint),
            "generation": .integer(Int64(clamping: generation)),
            "issued_at": .text(issuedAt.map(TashkentTime.rfc3339)),
            "expires_at": .text(expiresAt.map(TashkentTime.rfc3339)),
            "seconds_left": .whole(remaining?.components.seconds),
            "days_left": .whole(daysLeft),
            "due": .bool(isDue),
            "rejected": .bool(isRejected),
            "stored_in": isStoreDegraded ? nil : .string(location),
            "store_degraded": .bool(isStoreDegraded),
            "seen": .object(
                traits.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    .init($0.key.rawValue, .string(TashkentTime.rfc3339($0.value)))
                }
            ),
        ]
    }

    func facts(on page: Page) -> String {
        var facts = Facts()
        facts.add(page.say(.tokenPreview), preview)
        facts.add(page.say(.tokenIssued), issuedAt.map(TashkentTime.text))
        facts.add(page.say(.tokenExpires), expiresAt.map(TashkentTime.text))
        if let remaining {
            let span = TashkentTime.span(remaining, in: page.language)
            facts.add(
                page.say(.tokenLeft),
                remaining > .zero ? span : page.say(.tokenExpiredAgo, ["time": span])
            )
        }
        if !isStoreDegraded { facts.add(page.say(.tokenStored), location) }
        return facts.rendered(on: page)
    }
}
