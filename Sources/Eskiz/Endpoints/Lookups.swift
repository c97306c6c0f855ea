#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Asking about a text before it is sent: eskiz-api.md §5.

/// What Eskiz says about a text: whether it may be sent, and what it costs.
public struct TextCheck: Sendable, Hashable, Decodable {
    /// The verdict for this account and this text.
    public var canSend: Bool?
    /// True when the text holds banned words.
    public var isForbidden: Bool?
    /// The banned words.
    public var keywords: [String]
    /// Bytes.
    public var bytes: Int64?
    /// Characters.
    public var characters: Int64?
    /// Parts that would be sent and charged.
    public var parts: Int64?
    /// What the whole message costs, by operator.
    public var prices: [OperatorPrice]

    /// Reads the answer.
    public init(from decoder: any Decoder) throws {
        let data = try decoder.container(keyedBy: WireKey.self)
        guard data.contains("can_send") || data.contains("info") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no check"))
        }
        canSend = data.flag("can_send")
        isForbidden = data.flag("forbidden")
        keywords = data.list(LooseScalar.self, "keywords").compactMap(\.text)
        bytes = data.integer("bytes_count")
        characters = data.integer("chars_count")
        parts = data.integer("parts_count")
        prices = data.list(OperatorPrice.self, "info")
    }
}

/// What a message costs at one operator, UZS.
public struct OperatorPrice: Sendable, Hashable, Decodable {
    /// The operator: 1 Mobiuz, 2 Beeline, 3 Ucell, 4 Humans, 5 Uzmobile GSM, 6 Uzmobile CDMA, 7 Perfectum.
    public var operatorID: Int64?
    /// True when the text counts as advertising there.
    public var isAdvertising: Bool?
    /// The price of the whole message.
    public var price: Decimal?
    /// Why it cannot be sent there; nil if it can.
    public var error: String?

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        operatorID = row.integer("smsc")
        isAdvertising = row.flag("is_ad")
        price = row.decimal("price")
        let text = row.text("error").flatMap { $0.isEmpty ? nil : $0 }
        error = row.flag("is_error") == true ? text ?? "error" : text
    }
}

/// A text with its costly characters replaced, as Eskiz proposes.
///
/// It also proposes what changes the meaning; the safe and offline way is `UzbekNormalizer` in `EskizText`.
public struct NormalizedText: Sendable, Hashable, Decodable {
    /// A character that costs more than others.
    public struct SpecialCharacter: Sendable, Hashable, Decodable {
        /// Its place, counted in UTF-8 bytes.
        public var position: Int64?
        /// Its code point, for example `0x20AC`.
        public var code: String?
        /// The character.
        public var character: String?

        /// Reads a row.
        public init(from decoder: any Decoder) throws {
            let row = try decoder.container(keyedBy: WireKey.self)
            position = row.integer("position")
            code = row.text("code")
            character = row.text("char")
        }
    }

    /// A proposal, one per occurrence.
    public struct Recommendation: Sendable, Hashable, Decodable {
        /// What is there.
        public var from: String?
        /// What could be there.
        public var to: String?

        /// Reads a row.
        public init(from decoder: any Decoder) throws {
            let row = try decoder.container(keyedBy: WireKey.self)
            from = row.text("from")
            to = row.text("to")
        }
    }

    /// The whole text with the proposals applied.
    public var text: String
    /// What costs more.
    public var specialCharacters: [SpecialCharacter]
    /// What could be there instead.
    public var recommendations: [Recommendation]

    /// Reads the bare answer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard let text = container.text("message") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no text"))
        }
        self.text = text
        specialCharacters = container.list(SpecialCharacter.self, "special_characters")
        recommendations = container.list(Recommendation.self, "recommendations")
    }
}

enum LookupRequest {
    /// `POST message/sms/check` with JSON; the documented GET is answered with 404.
    static func check(_ text: String) throws(EskizError) -> EndpointRequest {
        try .json("message/sms/check", ["message": text], .check)
    }

    /// `POST message/sms/normalizer`.
    static func normalize(_ text: String) -> EndpointRequest {
        .form("message/sms/normalizer", [("message", text)], .normalize)
    }

    /// `GET message/sms/status_by_id/{id}`.
    static func status(of id: String) -> EndpointRequest {
        .get("message/sms/status_by_id/\(WireCoding.pathSegment(id))", .status)
    }
}
