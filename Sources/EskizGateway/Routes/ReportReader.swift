import Eskiz
import EskizQueue

/// Makes sense of a delivery report (eskiz-api.md §10).
///
/// Pure.
enum ReportReader {
    /// The report and whom it is about; nil if it does not say.
    ///
    /// Upstream every message carries our number as `user_sms_id`, so that decides; only a report without one goes by
    /// Eskiz's UUID. In a batch all messages share the UUID: a report with a number that is not ours is somebody else's,
    /// and is applied to none of ours. Whether number and phone agree is for the store to say (`Ownership`).
    static func read(_ raw: RawReport) -> (ReportKey, DeliveryReport)? {
        let fields = FormFields(lenient: raw.body, contentType: raw.contentType)
        guard let status = fields["status"], status.utf8.count <= 64 else { return nil }
        let providerID = fields["request_id"].flatMap(identifier)
        let report = DeliveryReport(
            status: MessageStatus(status),
            source: .callback,
            receivedAt: raw.receivedAt,
            happenedAt: fields["status_date"].flatMap { WireTime.tashkent($0) }.map { Timestamp($0) },
            providerID: providerID,
            providerNumber: fields["message_id"].flatMap(identifier),
            parts: fields["sms_count"].flatMap { Int($0) }.flatMap { (1...1_000).contains($0) ? $0 : nil }
        )
        let phone = fields["phone_number"].flatMap { ReportedMessage.digits($0) }
        if let number = fields["user_sms_id"], number != "<nil>", number != "null" {
            return MessageID(text: number).map { (.number($0, phone: phone), report) }
        }
        return providerID.map { (.provider($0, phone: phone), report) }
    }

    /// A UUID or a number; anything else would only fill the store.
    private static func identifier(_ text: String) -> String? {
        guard (1...64).contains(text.utf8.count), text != "<nil>", text != "null",
            text.utf8.allSatisfy({ $0.isDigit || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D })
        else { return nil }
        return text
    }
}
