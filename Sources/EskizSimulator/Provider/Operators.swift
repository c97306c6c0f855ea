import EskizText

/// A mobile operator of Uzbekistan as the provider numbers it (`eskiz-api.md` §3.6), with made-up prices.
struct Operator: Sendable {
    let id: Int
    let name: String
    /// UZS for one part of a service text.
    let price: Int
    /// UZS for one part of an advertising text.
    let advertisingPrice: Int
    /// Numbers after `998`.
    ///
    /// Number portability makes them indicative (`eskiz-api.md` §3.3).
    let prefixes: [String]

    func pricePerPart(isAd: Bool) -> Int { isAd ? advertisingPrice : price }

    static let all: [Operator] = [
        Operator(id: 1, name: "Mobiuz", price: 60, advertisingPrice: 80, prefixes: ["97", "88", "87"]),
        Operator(id: 2, name: "Beeline", price: 95, advertisingPrice: 120, prefixes: ["90", "91", "92"]),
        Operator(id: 3, name: "Ucell", price: 85, advertisingPrice: 170, prefixes: ["93", "94", "50"]),
        Operator(id: 4, name: "Humans", price: 70, advertisingPrice: 90, prefixes: ["33"]),
        Operator(id: 5, name: "Uzmobile GSM", price: 75, advertisingPrice: 95, prefixes: ["99", "77", "70", "20"]),
        Operator(id: 6, name: "Uzmobile CDMA", price: 75, advertisingPrice: 95, prefixes: ["95"]),
        Operator(id: 7, name: "Perfectum", price: 80, advertisingPrice: 100, prefixes: ["98", "80"]),
    ]

    private static let byPrefix: [Substring: Operator] = Dictionary(
        uniqueKeysWithValues: all.flatMap { carrier in carrier.prefixes.map { (Substring($0), carrier) } }
    )

    /// Whether nine digits are a number of this country without its code.
    static func serves(local digits: String) -> Bool { byPrefix[digits.prefix(2)] != nil }

    /// The operator of a number of 12 digits; an unknown prefix goes to the first one, as a ported number might.
    static func serving(_ phone: String) -> Operator {
        byPrefix[phone.dropFirst(3).prefix(2)] ?? all[0]
    }
}

/// A country that `send-global` reaches.
struct Country: Sendable {
    /// `country_id` of a row.
    let id: Int
    let code: String
    let name: String
    let prefix: String
    let price: Int

    /// `smsc_id` of everything that leaves the country (`eskiz-api.md` §3.6).
    static let globalSMSC = 8

    static let all: [Country] = [
        Country(id: 2, code: "AE", name: "United Arab Emirates", prefix: "971", price: 1_000),
        Country(id: 40, code: "CN", name: "China", prefix: "86", price: 800),
        Country(id: 57, code: "DE", name: "Germany", prefix: "49", price: 1_400),
        Country(id: 75, code: "GB", name: "United Kingdom", prefix: "44", price: 1_200),
        Country(id: 98, code: "IN", name: "India", prefix: "91", price: 700),
        Country(id: 114, code: "KR", name: "South Korea", prefix: "82", price: 900),
        Country(id: 83, code: "KZ", name: "Kazakhstan", prefix: "7", price: 900),
        Country(id: 87, code: "KG", name: "Kyrgyzstan", prefix: "996", price: 1_100),
        Country(id: 141, code: "RU", name: "Russia", prefix: "7", price: 1_500),
        Country(id: 165, code: "TJ", name: "Tajikistan", prefix: "992", price: 1_300),
        Country(id: 172, code: "TR", name: "Turkey", prefix: "90", price: 700),
        Country(id: 180, code: "US", name: "United States", prefix: "1", price: 600),
    ]

    /// The country with these two letters, capital or small.
    ///
    /// Those that are not in the list have a made-up number and price.
    static func named(_ code: String) -> Country? {
        let code = code.uppercased()
        if let known = all.first(where: { $0.code == code }) { return known }
        guard Region.exists(code) else { return nil }
        let letters = code.utf8.reduce(0) { $0 * 26 + Int($1) - 0x41 }
        return Country(id: 1_000 + letters, code: code, name: code, prefix: "", price: 1_000)
    }
}
