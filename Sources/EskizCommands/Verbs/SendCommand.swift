import ArgumentParser
import Eskiz
import EskizText
import EskizWords

struct SendCommand: SendingVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "send",
            abstract: .text(.send),
            discussion: """
                  eskiz send '+998 90 123-45-67' 'Bu Eskiz dan test' --wait
                  fortune | eskiz send 901234567 - --json
                  eskiz send +77011234567 'Salom'

                \(HelpText.sendDetails)
                """
        )
    }

    @OptionGroup var sending: SendingFlags

    @Argument(help: .text(.textArgument))
    var text: String

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> SendAnswer {
        let phone = try sending.number()
        let text = try TextArgument(text).read()
        do {
            guard phone.isUzbek else { return try await sending.sendAbroad(text, to: phone, eskiz, context) }
            let sent = try await eskiz.send(text, to: phone, userSMSID: sending.userSMSID)
            return try await sending.follow(sent, to: phone, text: text, eskiz, context)
        } catch let error as EskizError {
            throw await CostlyText.priced(error, to: phone, eskiz)
        }
    }
}

struct SendCodeCommand: SendingVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "send-code",
            abstract: .text(.sendCode),
            discussion: """
                  eskiz send-code 901234567 123456 --wait
                """
        )
    }

    @OptionGroup var sending: SendingFlags

    @Argument(help: .text(.code))
    var code: String

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> SendAnswer {
        let phone = try sending.number()
        let code = try TextArgument(code).read()
        guard phone.isUzbek else {
            let text = context.settings.client.codeTemplate.replacing("{code}", with: code)
            return try await sending.sendAbroad(text, to: phone, eskiz, context)
        }
        let sent = try await eskiz.sendVerificationCode(code, to: phone, userSMSID: sending.userSMSID)
        return try await sending.follow(sent, to: phone, text: nil, eskiz, context)
    }
}

/// A verb that sends one message.
protocol SendingVerb: OnlineVerb {
    var sending: SendingFlags { get }
}

extension SendingVerb {
    var ownSettings: [SettingName: String] { sending.ownSettings }
}

/// What `send` and `send-code` have in common: the number and every option.
struct SendingFlags: ParsableArguments {
    @Argument(help: .text(.phoneArgument))
    var phone: String

    @Option(help: .text(.sender))
    var from: String?

    @Option(name: .customLong("callback-url"), help: .text(.callbackURL))
    var callbackURL: String?

    @Option(name: .customLong("user-sms-id"), help: .text(.userSMSID))
    var userSMSID: String?

    @Flag(help: .text(.global))
    var global = false

    @Option(help: .text(.country))
    var country: String?

    @Flag(help: .text(.wait))
    var wait = false

    @Option(help: .text(.waitTimeout))
    var waitTimeout = Lifetime(duration: .seconds(600), description: "10m")

    var ownSettings: [SettingName: String] {
        var settings: [SettingName: String] = [:]
        settings[.sender] = from
        settings[.callbackURL] = callbackURL
        return settings
    }

    func number() throws(EskizError) -> PhoneNumber {
        let isAbroad = global || country != nil
        if isAbroad, let number = try? PhoneNumber(internationalDigits: phone), !number.isUzbek { return number }
        return try PhoneArgument.parse(phone)
    }

    /// One message to another country, where Eskiz takes neither a sender nor a number of one's own.
    func sendAbroad(
        _ text: String,
        to phone: PhoneNumber,
        _ eskiz: EskizClient,
        _ context: OnlineContext
    ) async throws -> SendAnswer {
        if from != nil || userSMSID != nil {
            throw EskizError(
                .invalidArgument,
                "Abroad Eskiz takes neither a sender ID nor a number of your own.",
                remedy: "Leave out --from and --user-sms-id."
            )
        }
        let sent = try await eskiz.sendGlobal(text, to: phone.e164, countryCode: country)
        // The answer may be empty: then it was taken, and has no id that could be followed.
        guard let sent else { return SendAnswer(sent: SentMessage(id: ""), phone: phone, text: text) }
        return try await follow(sent, to: phone, text: text, eskiz, context)
    }

    /// Waits for the end if it was asked to, telling a person at a terminal how it goes.
    func follow(
        _ sent: SentMessage,
        to phone: PhoneNumber,
        text: String?,
        _ eskiz: EskizClient,
        _ context: OnlineContext
    ) async throws -> SendAnswer {
        var answer = SendAnswer(sent: sent, phone: phone, text: text)
        guard wait else { return answer }
        context.verb.progress(context.verb.say(.sendFollowing, ["id": sent.id]))
        do {
            answer.final = try await eskiz.waitUntilFinal(sent.id, timeout: waitTimeout.duration)
        } catch {
            // The message was taken; only its end is not known. That is an answer, not a failure to send, and whoever
            // took it for one would send the message again.
            answer.isStillOpen = true
            if error.code != .timedOut, error.code != .cancelled { answer.followFailure = error }
        }
        return answer
    }
}

/// A phone as typed, with the reason in words where it is not one.
enum PhoneArgument {
    static func parse(_ typed: String) throws(EskizError) -> PhoneNumber {
        do {
            return try PhoneNumber(typed)
        } catch {
            // Says what is wrong and how to write it, without the number.
            throw EskizError(
                .invalidPhone,
                Sentence(verbatim: error.description),
                remedy: "These are all the same number: +998 90 123-45-67, 998901234567, 901234567.",
                cause: error
            )
        }
    }
}

/// What `send` prints.
struct SendAnswer: Presentable, Judged {
    let sent: SentMessage
    let phone: PhoneNumber
    /// nil where the text is the template's.
    let segmentation: Segmentation?
    var final: EskizClient.MessageRecord?
    var isStillOpen = false
    /// Why the message could not be followed to its end, where it is more than that the time was over.
    var followFailure: EskizError?

    init(sent: SentMessage, phone: PhoneNumber, text: String?) {
        self.sent = sent
        self.phone = phone
        segmentation = text.map { Segmentation(of: $0) }
    }

    var status: ExitStatus {
        if isStillOpen { return .unknownOutcome }
        guard let final else { return .success }
        return final.status.isDelivered ? .success : .refused
    }

    func json() -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("id", .string(sent.id)),
            .init("status", .string((final?.status ?? sent.status).description)),
            .init("message", .string(sent.message)),
            .init("to", .string(phone.e164)),
        ]
        if let segmentation {
            members.append(.init("segments", .whole(segmentation.segmentCount)))
            members.append(.init("encoding", .string(segmentation.encoding.rawValue)))
        }
        if final != nil || isStillOpen {
            members.append(.init("final", .bool(final != nil)))
            members.append(.init("record", final.map { MessageRecordView($0, isUnmasked: true).json() } ?? .null))
        }
        if let followFailure {
            members.append(
                .init(
                    "follow_error",
                    [
                        "code": .string(followFailure.code.rawValue), "message": .string(followFailure.summary),
                        "remedy": .string(followFailure.remedy),
                    ]
                )
            )
        }
        return .object(members)
    }

    func text(on page: Page) -> String {
        var facts = Facts()
        if !sent.id.isEmpty { facts.add("ID", sent.id) }
        facts.add(page.say(.labelTo), phone.e164)
        if let segmentation {
            facts.add(page.say(.segmentsCount), "\(segmentation.segmentCount) (\(segmentation.encoding))")
        }
        let headline: String
        if isStillOpen {
            headline = page.ink.careful(page.say(.sendStillOpen))
        } else if let final {
            facts.add(page.say(.labelStatus), page.language.describe(final.status))
            facts.add(page.say(.labelPrice), final.totalPrice.map { page.language.money($0) })
            facts.add(page.say(.labelDelivered), final.deliveredAt.map(TashkentTime.text))
            headline =
                status == .success
                ? page.ink.good(page.say(.sendDelivered)) : page.ink.bad(page.say(.sendNotDelivered))
        } else {
            facts.add(page.say(.labelStatus), page.language.describe(sent.status))
            headline = page.ink.good(page.say(.sendTaken))
        }
        var lines = [headline, facts.rendered(on: page)]
        if let followFailure {
            let (what, remedy) = page.language.explain(followFailure)
            lines.append(page.ink.bad(what.onOneLine))
            if !remedy.isEmpty { lines.append(page.ink.good("→ ") + remedy.onOneLine) }
        }
        return lines.joined(separator: "\n")
    }
}
