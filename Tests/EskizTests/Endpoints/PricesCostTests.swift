import Eskiz
import Foundation
import Testing

/// What a message would cost.
@Suite struct PricesCostTests {
    private static func prices(local: String, global: String = "") throws -> Prices {
        try JSONDecoder().decode(Prices.self, from: Data(#"{"local":[\#(local)],"global":[\#(global)]}"#.utf8))
    }

    private static let local =
        #"{"smsc_id":2,"name":"Beeline","price":115},{"smsc_id":3,"name":"Ucell","price":"200.5"}"#

    @Test(
        arguments: [
            ("998901234567", 9, Decimal(1_035)), ("998931234567", 2, 401), ("998971234567", 1, nil),
            ("77011234567", 1, nil),
        ] as [(String, Int, Decimal?)]
    )
    func `a message costs as many segments as it has, at the price of its operator`(
        digits: String,
        segments: Int,
        cost: Decimal?
    ) throws {
        #expect(try Self.prices(local: Self.local).cost(of: segments, to: digits) == cost)
    }

    @Test func `where all cost the same, the operator is no matter`() throws {
        let prices = try Self.prices(local: #"{"smsc_id":2,"price":95},{"smsc_id":3,"price":95}"#)
        #expect(prices.cost(of: 10, to: "998771234567") == 950)
        #expect(try Self.prices(local: "").cost(of: 10, to: "998901234567") == nil)
    }

    @Test func `abroad the longest calling code counts`() throws {
        let global =
            #"{"code":"RU","prefix":"7","price":"700"},{"code":"KZ","prefix":"+77","price":650},{"prefix":"","price":1}"#
        let prices = try Self.prices(local: "", global: global)
        #expect(prices.cost(of: 2, to: "77011234567") == 1_300)
        #expect(prices.cost(of: 2, to: "79161234567") == 1_400)
        #expect(prices.cost(of: 2, to: "4915112345678") == nil)
    }
}
