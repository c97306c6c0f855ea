package import Eskiz

/// What Eskiz or an operator said about a message, once read.
package struct DeliveryReport: Sendable, Hashable {
    /// The word as it came: `DELIVRD`.
    package var status: MessageStatus
    package var source: Source
    /// When it reached us.
    package var receivedAt: Timestamp
    /// When it happened, by Eskiz's word.
    package var happenedAt: Timestamp?
    /// Eskiz's UUID: `request_id`.
    package var providerID: String?
    /// Eskiz's number: `message_id`.
    package var providerNumber: String?
    /// UZS for all parts, from a row of the list.
    package var price: String?
    /// Parts that were billed.
    package var parts: Int?

    package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        case callback
        case poll
        /// The reconciler found it in Eskiz's list.
        case list
        /// A person settled it.
        case operatorAction = "operator"
    }

    package init(
        status: MessageStatus,
        source: Source,
        receivedAt: Timestamp,
        happenedAt: Timestamp? = nil,
        providerID: String? = nil,
        providerNumber: String? = nil,
        price: String? = nil,
        parts: Int? = nil
    ) {
        self.status = status
        self.source = source
        self.receivedAt = receivedAt
        self.happenedAt = happenedAt
        self.providerID = providerID
        self.providerNumber = providerNumber
        self.price = price
        self.parts = parts
    }
}

extension DeliveryReport {
    /// Whether it repeats another one, and need not be kept beside it.
    package func saysTheSame(as other: Self) -> Bool {
        status == other.status && source == other.source && happenedAt == other.happenedAt
            && providerID == other.providerID && providerNumber == other.providerNumber
    }
}

/// A report as it came in, before anybody understood it: kept as evidence.
///
/// Phone and text in it are not for showing.
package struct RawReport: Sendable, Hashable {
    package var receivedAt: Timestamp
    package var contentType: String
    package var body: [UInt8]

    package init(receivedAt: Timestamp, contentType: String, body: [UInt8]) {
        self.receivedAt = receivedAt
        self.contentType = contentType
        self.body = body
    }
}
