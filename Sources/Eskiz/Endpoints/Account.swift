#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Who we are, what we have, what things cost: eskiz-api.md §2.4, §7.

extension EskizClient {
    /// The account.
    public struct Account: Sendable, Hashable, Decodable {
        /// Its number.
        public var id: Int64?
        /// The company or person.
        public var name: String?
        /// The e-mail it logs in with.
        public var email: String?
        /// `user`, or `test` for an account that may send three fixed phrases only.
        public var role: String?
        /// `active`, as a rule.
        public var status: String?
        /// A customer with special terms.
        public var isVIP: Bool?
        /// UZS.
        public var balance: Decimal?
        /// When it was made.
        public var createdAt: Date?
        /// When it was changed.
        public var updatedAt: Date?

        /// True for an account that may send three fixed phrases only.
        public var isTest: Bool { role?.lowercased() == "test" }

        /// Reads the answer.
        ///
        /// Older servers put secrets into it, and nothing but these fields is looked at.
        public init(from decoder: any Decoder) throws {
            let data = try decoder.container(keyedBy: WireKey.self)
            guard data.contains("id") || data.contains("email") else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no account"))
            }
            id = data.integer("id")
            name = data.text("name")
            email = data.text("email")
            role = data.text("role")
            status = data.text("status")
            isVIP = data.flag("is_vip")
            balance = data.decimal("balance")
            createdAt = data.tashkentTime("created_at")
            updatedAt = data.tashkentTime("updated_at")
        }
    }
}

/// What a part of a message costs, by operator and by country.
public struct Prices: Sendable, Hashable, Decodable {
    /// Within Uzbekistan.
    public var local: [LocalPrice]
    /// Abroad.
    public var global: [GlobalPrice]

    /// Reads the bare answer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard container.contains("local") || container.contains("global") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no prices"))
        }
        local = container.list(LocalPrice.self, "local")
        global = container.list(GlobalPrice.self, "global")
    }
}

/// The price of a part at one operator, UZS.
public struct LocalPrice: Sendable, Hashable, Decodable {
    /// The operator: 1 Mobiuz, 2 Beeline, 3 Ucell, 4 Humans, 5 Uzmobile GSM, 6 Uzmobile CDMA, 7 Perfectum.
    public var operatorID: Int64?
    /// Its name.
    public var name: String?
    /// Service messages.
    public var price: Decimal?
    /// Advertising.
    public var advertisingPrice: Decimal?

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        operatorID = row.integer("smsc_id")
        name = row.text("name")
        price = row.decimal("price")
        advertisingPrice = row.decimal("ad_price")
    }
}

/// The price of a part to one country, UZS.
public struct GlobalPrice: Sendable, Hashable, Decodable {
    /// ISO code, for example `US`.
    public var code: String?
    /// The country.
    public var name: String?
    /// Its calling code.
    public var prefix: String?
    /// Whether traffic is open.
    public var status: String?
    /// The price.
    public var price: Decimal?

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        code = row.text("code")
        name = row.text("name")
        prefix = row.text("prefix")
        status = row.text("status")
        price = row.decimal("price")
    }
}

/// `{"data":{"balance":125000}}`.
struct Balance: Decodable {
    var amount: Decimal

    init(from decoder: any Decoder) throws {
        let data = try decoder.container(keyedBy: WireKey.self)
        guard let amount = data.decimal("balance") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no balance"))
        }
        self.amount = amount
    }
}

enum AccountRequest {
    static let account = EndpointRequest.get("auth/user", .account)
    static let balance = EndpointRequest.get("user/get-limit", .balance)
    static let prices = EndpointRequest.get("user/prices", .prices)
    static let senders = EndpointRequest.get("nick/me", .senders)
}
