#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// What Eskiz wrote down about a message: eskiz-api.md §6.5.

/// Eskiz's own log of a message, newest first.
///
/// It repeats the whole request, text and phone included. Treat it as sensitive.
public struct MessageLog: Sendable, Hashable, Decodable {
    /// The entries, newest first.
    public var entries: [MessageLogEntry]
    /// How many there are.
    public var count: Int64?

    /// Reads the bare answer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard container.contains("messages") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no log"))
        }
        entries = container.list(MessageLogEntry.self, "messages")
        count = container.integer("messages_count")
    }
}

/// One entry.
///
/// Any field may be missing.
public struct MessageLogEntry: Sendable, Hashable, Decodable {
    /// When; these times are true UTC.
    public var timestamp: Date?
    /// `INFO` or `WARN`.
    public var level: String?
    /// What happened, in Uzbek.
    public var message: String?
    /// More of it.
    public var fullMessage: String?
    /// Where the request came from.
    public var address: String?
    /// The sender ID.
    public var sender: String?
    /// The recipient, masked by Eskiz.
    public var phone: String?
    /// Your own number.
    public var userSMSID: String?
    /// Your number of the mailing.
    public var dispatchID: Int64?

    /// Reads an entry.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        timestamp = row.text("timestamp").flatMap { WireTime.utc($0) }
        level = row.text("level_name")
        message = row.text("message")
        fullMessage = row.text("full_message").flatMap { $0.isEmpty ? nil : $0 }
        address = row.text("ip")
        sender = row.text("from")
        phone = row.text("to")
        userSMSID = row.text("user_sms_id")
        dispatchID = row.integer("dispatch_id")
    }
}

enum LogRequest {
    /// `GET logs/sms/{id}`.
    static func of(_ id: String) -> EndpointRequest {
        .get("logs/sms/\(WireCoding.pathSegment(id))", .logs)
    }
}
