import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What gateways of a fleet tell each other of the account: in Eskiz's own words, so that what reads its answers reads these.
extension AccountOverview {
    private struct Document: Decodable {
        var account: EskizClient.Account
        var balance: Decimal
        var senders: [String]
        var prices: Prices
    }

    /// Reads what another gateway has written; nil for what this version does not understand.
    ///
    /// - Parameters:
    ///   - document: as ``document`` makes it.
    ///   - moment: when Eskiz said it.
    init?(_ document: [UInt8], asOf moment: Timestamp) {
        guard let read = try? JSONDecoder().decode(Document.self, from: Data(document)) else { return nil }
        self.init(
            account: read.account,
            balance: read.balance,
            senders: read.senders,
            prices: read.prices,
            asOf: moment
        )
    }

    /// No more than `/v1/account` shows: neither e-mail nor number of the account.
    var document: [UInt8] {
        JSONWriter.object(capacity: 4_096) { answer in
            answer.name("account")
            answer.object { answer in
                answer.nullable("id", String?.none)
                answer.nullable("name", account.name)
                answer.nullable("role", account.role)
                answer.nullable("status", account.status)
            }
            answer.nullableNumber("balance", balance.description)
            answer.name("senders")
            answer.array(senders) { $0.string($1) }
            answer.name("prices")
            answer.object { answer in
                answer.name("local")
                answer.array(prices.local) { answer, price in
                    answer.object { answer in
                        answer.nullableNumber("smsc_id", price.operatorID.map { String($0) })
                        answer.nullable("name", price.name)
                        answer.nullableNumber("price", price.price?.description)
                        answer.nullableNumber("ad_price", price.advertisingPrice?.description)
                    }
                }
                answer.name("global")
                answer.array(prices.global) { answer, price in
                    answer.object { answer in
                        answer.nullable("code", price.code)
                        answer.nullable("name", price.name)
                        answer.nullable("prefix", price.prefix)
                        answer.nullable("status", price.status)
                        answer.nullableNumber("price", price.price?.description)
                    }
                }
            }
        }
    }
}
