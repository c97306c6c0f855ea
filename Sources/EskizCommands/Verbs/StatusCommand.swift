import ArgumentParser
import Eskiz
import EskizWords

struct StatusCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status",
            abstract: .text(.status),
            discussion: """
                  eskiz status 5b1f0c6e-1111-4222-8333-944455566677
                  eskiz status 5b1f0c6e-1111-4222-8333-944455566677 --json | jq .status

                \(HelpText.statusDetails)
                """
        )
    }

    @Argument(help: .text(.printedID))
    var id: String

    @OptionGroup var privacy: PrivacyFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> MessageRecordView {
        MessageRecordView(try await eskiz.status(of: id), isUnmasked: privacy.unmask)
    }
}

/// One message as Eskiz has it.
struct MessageRecordView: Presentable {
    let record: EskizClient.MessageRecord
    /// The number in clear: on purpose, or because the user has just typed it.
    let isUnmasked: Bool

    init(_ record: EskizClient.MessageRecord, isUnmasked: Bool = false) {
        self.record = record
        self.isUnmasked = isUnmasked
    }

    var phone: String? { isUnmasked ? record.phone : record.phone.map(MaskedPhone.of) }

    func json() -> JSONValue {
        [
            "id": .text(record.requestID),
            "message_id": .whole(record.id),
            "status": .string(record.status.description),
            "final": .bool(record.status.isFinal),
            "to": .text(phone),
            "from": .text(record.sender),
            "text": .text(record.text),
            "user_sms_id": .text(record.userSMSID),
            "dispatch_id": .whole(record.dispatchID),
            "operator": .text(OperatorName.of(record.operatorID)),
            "segments": .whole(record.partsCount),
            "price": .decimal(record.price),
            "total_price": .decimal(record.totalPrice),
            "advertising": .flag(record.isAdvertising),
            "sent_at": .text(record.sentAt.map(TashkentTime.rfc3339)),
            "submitted_at": .text(record.submittedAt.map(TashkentTime.rfc3339)),
            "delivered_at": .text(record.deliveredAt.map(TashkentTime.rfc3339)),
            "created_at": .text(record.createdAt.map(TashkentTime.rfc3339)),
            "parts": .array(
                record.parts.map { part in
                    [
                        "id": .string(part.id),
                        "index": .whole(part.index),
                        "status": .text(part.status?.description),
                        "reported_at": .text(part.reportedAt.map(TashkentTime.rfc3339)),
                    ]
                }
            ),
        ]
    }

    func text(on page: Page) -> String {
        var facts = Facts()
        facts.add("ID", record.requestID ?? record.id.map(String.init))
        facts.add(page.say(.labelStatus), page.language.describe(record.status))
        facts.add(page.say(.labelTo), phone)
        facts.add(page.say(.labelFrom), record.sender)
        facts.add(page.say(.labelOperator), OperatorName.of(record.operatorID))
        facts.add(page.say(.labelReference), record.userSMSID)
        facts.add(page.say(.segmentsCount), record.partsCount.map(String.init))
        facts.add(page.say(.labelPrice), record.totalPrice.map(page.language.money))
        facts.add(page.say(.labelSent), record.sentAt.map(TashkentTime.text))
        facts.add(page.say(.labelDelivered), record.deliveredAt.map(TashkentTime.text))
        facts.add(page.say(.labelText), record.text)
        return facts.rendered(on: page)
    }
}
