import Eskiz
import EskizText
import EskizVerify
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs the steps one after another and hands out each report as it is known.
///
/// A failed step ends nothing by itself: a later step is left out only where it cannot be tried.
struct SelfTest {
    struct Wishes: Sendable {
        /// Where to send one SMS.
        var phone: PhoneNumber?
        /// Renew the token even if it is not due.
        var refresh = false
    }

    let wishes: Wishes
    let report: (StepReport) -> Void
    private var steps: [StepReport] = []

    init(_ wishes: Wishes, report: @escaping (StepReport) -> Void) {
        self.wishes = wishes
        self.report = report
    }

    /// Runs the steps; `broken` names the settings that had to be left out because they cannot be used.
    mutating func run(
        _ settings: Settings,
        broken: EskizError?,
        _ eskiz: EskizClient,
        _ transport: any HTTPTransport
    ) async -> SelfTestReport {
        let configuration = settings.client
        add(Self.configuration(settings, broken: broken))
        add(LocalChecks.stateDirectory(configuration.stateDirectory))
        add(LocalChecks.diskSpace(configuration.stateDirectory))
        let probe = await NetworkProbe.run(transport, configuration)
        for step in probe.steps { add(step) }
        let canSign = await token(eskiz, configuration)
        guard probe.isReachable, canSign else {
            let phrase: Phrase = probe.isReachable ? .stepNeedsToken : .stepNeedsNetwork
            for step in [StepReport.Step.refresh, .account, .balance, .senders, .template] {
                add(.skipped(step, phrase))
            }
            add(LocalChecks.callback(configuration.callbackURL))
            if wishes.phone != nil { add(.skipped(.sms, phrase)) }
            return SelfTestReport(steps: steps)
        }
        await refresh(eskiz)
        let account = await account(eskiz)
        await balance(eskiz)
        await senders(eskiz, configuration.sender)
        await template(eskiz, configuration.codeTemplate, account)
        await codeTemplates(eskiz, settings, account)
        add(LocalChecks.callback(configuration.callbackURL))
        if let phone = wishes.phone { await sms(eskiz, to: phone, account) }
        return SelfTestReport(steps: steps)
    }

    private mutating func add(_ step: StepReport) {
        // After Ctrl-C every step fails, and none of that is a finding.
        guard !Task.isCancelled else { return }
        steps.append(step)
        report(step)
    }

    // MARK: Steps

    private static func configuration(_ settings: Settings, broken: EskizError?) -> StepReport {
        if let broken { return .failed(.configuration, broken) }
        let sources = SettingName.allCases.compactMap { name in
            settings.origins[name].map { "\(name.rawValue) (\($0.rawValue))" }
        }
        let client = settings.client
        if client.token == nil, client.email == nil {
            return .careful(.configuration, .configurationBare, remedy: .configurationBareRemedy)
        }
        if client.email == nil {
            return .careful(.configuration, .configurationTokenOnly, remedy: .configurationTokenOnlyRemedy)
        }
        return .good(.configuration, .configurationGood, ["sources": sources.joined(separator: ", ")])
    }

    /// What we hold.
    ///
    /// True if there is something to sign requests with or to log in with.
    private mutating func token(_ eskiz: EskizClient, _ configuration: EskizConfiguration) async -> Bool {
        let canLogIn = configuration.email != nil && configuration.password != nil
        guard let token = await eskiz.storedTokenStatus() else {
            if canLogIn || configuration.token != nil {
                add(.good(.token, .tokenStepNone))
                return true
            }
            add(.failed(.token, .tokenStepNothing, remedy: .tokenStepNothingRemedy, status: .configuration))
            return false
        }
        let values = ["preview": token.preview, "place": token.location]
        let isDead = token.isRejected || (token.remaining ?? .seconds(1)) <= .zero
        if isDead, !canLogIn {
            add(.failed(.token, .tokenStepDead, values, remedy: .tokenStepNothingRemedy, status: .credentials))
        } else if isDead {
            add(.careful(.token, .tokenStepDead, values, remedy: .tokenStepDeadRemedy))
        } else if token.isStoreDegraded {
            add(.careful(.token, .tokenStepMemory, values, remedy: .stateUnwritableRemedy))
        } else {
            add(
                .good(
                    .token,
                    token.remaining == nil ? .tokenStepEndless : token.isDue ? .tokenStepDue : .tokenStepGood,
                    values,
                    durations: ["left": token.remaining ?? .zero]
                )
            )
        }
        return true
    }

    private mutating func refresh(_ eskiz: EskizClient) async {
        do {
            if wishes.refresh {
                let status = try await eskiz.renewToken()
                add(.good(.refresh, .refreshStepDone, ["preview": status.preview]))
                return
            }
            guard let token = await eskiz.storedTokenStatus() else {
                add(.good(.refresh, .refreshStepFirst))
                return
            }
            guard token.isDue || token.isRejected else {
                add(.skipped(.refresh, .refreshStepNotDue))
                return
            }
            let renewal = try await eskiz.renewTokenIfDue()
            add(
                .good(
                    .refresh,
                    renewal.renewed ? .refreshStepDone : .refreshStepNotDue,
                    ["preview": renewal.status.preview]
                )
            )
        } catch {
            add(.failed(.refresh, error))
        }
    }

    private mutating func account(_ eskiz: EskizClient) async -> EskizClient.Account? {
        do {
            let account = try await eskiz.account()
            let values = ["role": account.role ?? "?", "status": account.status ?? "?"]
            if account.isTest {
                add(.careful(.account, .accountTest, values, remedy: .accountTestRemedy))
            } else {
                add(.good(.account, .accountGood, values))
            }
            return account
        } catch {
            add(.failed(.account, error))
            return nil
        }
    }

    private mutating func balance(_ eskiz: EskizClient) async {
        do {
            let balance = try await eskiz.balance()
            let values = ["amount": Amount.text(balance)]
            if balance <= 0 {
                add(.failed(.balance, .balanceEmpty, values, remedy: .balanceRemedy, status: .refused))
            } else {
                add(.good(.balance, .balanceGood, values))
            }
        } catch {
            add(.failed(.balance, error))
        }
    }

    private mutating func senders(_ eskiz: EskizClient, _ sender: String) async {
        do {
            let senders = try await eskiz.senders()
            let values = ["sender": sender, "senders": senders.joined(separator: ", ")]
            if senders.contains(sender) {
                add(.good(.senders, .sendersGood, values))
            } else {
                add(.failed(.senders, .sendersMissing, values, remedy: .sendersRemedy, values, status: .refused))
            }
        } catch {
            add(.failed(.senders, error))
        }
    }

    private mutating func template(_ eskiz: EskizClient, _ template: String, _ account: EskizClient.Account?) async {
        if account?.isTest == true {
            add(.skipped(.template, .templateTest))
            return
        }
        do {
            let check = try await eskiz.check(Self.sample(of: template))
            let values = ["parts": check.parts.map { "\($0)" } ?? "?"]
            if check.canSend == false || check.isForbidden == true {
                add(.failed(.template, .templateRefused, values, remedy: .templateRemedy, status: .refused))
            } else {
                add(.good(.template, .templateGood, values))
            }
        } catch {
            add(.failed(.template, error))
        }
    }

    /// The texts of `ESKIZ_VERIFY_TEMPLATES`, each as it would be sent.
    private mutating func codeTemplates(_ eskiz: EskizClient, _ settings: Settings, _ account: EskizClient.Account?)
        async
    {
        guard settings.server.verify.templates != nil else { return }
        let templates: CodeTemplates
        do {
            templates = try settings.server.verify.loadTemplates(client: settings.client)
        } catch {
            add(.failed(.template, error))
            return
        }
        guard account?.isTest != true else { return }
        for template in templates.all {
            let text = settings.server.verify.sample(of: template, normalizes: settings.server.normalizes)
            let values = [
                "name": template.name, "language": template.language, "parts": "\(Segmentation(of: text).segmentCount)",
            ]
            do {
                let check = try await eskiz.check(text)
                if check.canSend == false || check.isForbidden == true {
                    add(
                        .failed(
                            .template,
                            .verifyTemplateRefused,
                            values,
                            remedy: .verifyTemplateRemedy,
                            status: .refused
                        )
                    )
                } else {
                    add(.good(.template, .verifyTemplateGood, values))
                }
            } catch {
                add(.failed(.template, error))
            }
        }
    }

    private mutating func sms(_ eskiz: EskizClient, to phone: PhoneNumber, _ account: EskizClient.Account?) async {
        do {
            // A test account may send three phrases and nothing else (eskiz-api.md §8.1).
            let sent =
                account?.isTest == true
                ? try await eskiz.send("This is test from Eskiz", to: phone.e164)
                : try await eskiz.sendVerificationCode("000000", to: phone)
            let record = try await eskiz.waitUntilFinal(sent.id, timeout: .seconds(120))
            let values = ["id": sent.id, "status": record.status.description]
            if record.status.isDelivered {
                add(.good(.sms, .smsDelivered, values))
            } else {
                add(.failed(.sms, .smsNotDelivered, values, remedy: .smsRemedy, values, status: .refused))
            }
        } catch {
            let isTaken = error.code == .timedOut && !error.isOutcomeUnknown
            add(
                isTaken
                    ? .failed(.sms, .smsStillOpen, remedy: .smsStillOpenRemedy, status: .unknownOutcome)
                    : .failed(.sms, error)
            )
        }
    }

    /// The template as it would be sent.
    static func sample(of template: String) -> String {
        template.split(separator: "{code}", omittingEmptySubsequences: false).joined(separator: "123456")
    }
}
