/// A table of the store, as every kind of database can give and take it: what is copied from one into another.
///
/// States, lanes and the like are words here; a file may keep numbers for them.
package struct StoreTable: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case int
        case text
        case bool
        case bytes
    }

    package struct Column: Sendable, Hashable {
        package let name: String
        package let kind: Kind
    }

    package let name: String
    package let columns: [Column]
    /// How many of the first columns tell its rows apart; rows are read in their order.
    package let keyCount: Int
    /// Whether several rows of a database may have one key: then all but the key are counts, and are added up.
    package let isSummed: Bool

    package var keys: ArraySlice<Column> { columns.prefix(keyCount) }

    private init(_ name: String, keys: Int, isSummed: Bool = false, _ columns: [[Column]]) {
        self.name = name
        self.columns = columns.flatMap(\.self)
        keyCount = keys
        self.isSummed = isSummed
    }
}

extension [StoreTable.Column] {
    fileprivate static func int(_ names: String...) -> Self { names.map { .init(name: $0, kind: .int) } }
    fileprivate static func text(_ names: String...) -> Self { names.map { .init(name: $0, kind: .text) } }
    fileprivate static func bool(_ names: String...) -> Self { names.map { .init(name: $0, kind: .bool) } }
    fileprivate static func bytes(_ names: String...) -> Self { names.map { .init(name: $0, kind: .bytes) } }
}

extension StoreTable {
    package static let messages = Self(
        "messages",
        keys: 1,
        [
            .int("id"), .text("state", "lane"), .int("due_at", "expires_at", "attempts", "fence"), .text("owner"),
            .int("lease_until", "report_at", "reconcile_at", "absences", "report_rank", "submitted_at", "final_at"),
            .text("status_detail", "price", "error_code", "error_message"), .int("error_http_status"),
            .text("provider_id", "body"), .int("created_at"), .text("phone", "sender"), .int("segments"),
            .text("encoding", "origin", "api_key_id", "reference", "webhook_url"), .bool("is_client"),
            .text("client_user_sms_id", "client_callback_url"), .int("batch_id", "batch_last", "dispatch_id"),
            .text("purpose"), .int("resends"), .bool("was_written", "needs_person"),
        ]
    )
    package static let webhooks = Self(
        "webhooks",
        keys: 1,
        [
            .int("id", "message_id"), .text("url", "format", "state"), .int("report_id", "created_at"),
            .text("progress"), .int("attempts", "next_at"), .text("last_error"),
        ]
    )
    package static let reports = Self(
        "reports",
        keys: 1,
        [
            .int("id", "message_id"), .text("status", "source"), .int("received_at", "happened_at"),
            .text("provider_id", "provider_number", "price"), .int("parts"), .text("waits_for", "phone"),
            .int("raw_id"),
        ]
    )
    package static let suppressions = Self(
        "suppressions",
        keys: 1,
        [.int("number"), .text("phone", "scope", "reason"), .int("added_at"), .text("added_by")]
    )

    /// All that is kept, but for who is there at the moment, by which clock a machine goes, and counts that are made anew.
    package static let all: [Self] = [
        messages,
        Self(
            "attempts",
            keys: 2,
            [
                .int("message_id", "fence", "number"), .text("phase"),
                .int("prepared_at", "writing_at", "answered_at"),
                .text("outcome", "provider_id", "error_code", "error_message"), .int("error_http_status"),
            ]
        ),
        Self(
            "raw_reports",
            keys: 1,
            [.int("id", "received_at"), .text("content_type"), .bytes("body"), .int("message_id")]
        ),
        reports,
        webhooks,
        Self(
            "idempotency",
            keys: 2,
            [.text("api_key_id", "key"), .bytes("fingerprint"), .int("first_id", "last_id"), .bytes("answer")]
        ),
        Self(
            "activity",
            keys: 2,
            isSummed: true,
            [
                .int("minute", "prefix", "accepted", "submitted", "segments", "delivered", "undelivered", "failed"),
                .int("expired"),
                DeliveryTimes.bounds.map { Column(name: "within_\($0)_s", kind: .int) }, .int("later"),
            ]
        ),
        Self("refusals", keys: 2, isSummed: true, [.int("hour"), .text("code"), .int("count")]),
        Self("secrets", keys: 1, [.text("name"), .bytes("value")]),
        Self(
            "api_keys",
            keys: 1,
            [.text("id", "name", "scopes"), .bytes("digest"), .int("created_at", "revoked_at")]
        ),
        Self(
            "audit",
            keys: 1,
            [.int("id", "at"), .text("key_id", "key_name", "action"), .int("message_id"), .text("detail")]
        ),
        Self(
            "verifications",
            keys: 1,
            [
                .int("number"), .bytes("id"), .text("api_key_id", "phone", "purpose", "kind"), .int("code_length"),
                .text("key_id"), .int("epoch"), .text("template", "language", "reference", "webhook_url", "network"),
                .int("created_at", "life", "accepted_at", "ended_at"), .text("ending"),
                .int("checks", "checks_answered", "checks_allowed", "sends", "resend_at", "message_id"),
            ]
        ),
        Self("verification_notes", keys: 1, [.int("number"), .text("subject"), .int("at")]),
        Self("verification_sums", keys: 2, [.text("name"), .int("period", "value")]),
        suppressions,
        Self(
            "verification_prefixes",
            keys: 1,
            [.text("prefix", "decision"), .int("added_at"), .text("added_by")]
        ),
    ]
}

/// A value of a row.
package enum StoreCell: Sendable, Hashable {
    case null
    case int(Int64)
    case text(String)
    case bool(Bool)
    case bytes([UInt8])

    package var int: Int64? { if case .int(let value) = self { value } else { nil } }
    package var text: String? { if case .text(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
}

/// A row, its values in the order of the table's columns.
package typealias StoreRow = [StoreCell]
