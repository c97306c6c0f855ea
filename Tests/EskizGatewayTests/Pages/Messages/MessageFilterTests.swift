import EskizPages
import EskizQueue
import EskizText
import Testing

@testable import EskizGateway

@Suite struct MessageFilterTests {
    private func filter(_ address: String) -> MessageFilter {
        let pairs = URLEncoding.pairs(of: address)
        return MessageFilter { name in pairs.first { $0.0 == name }.flatMap { $0.1.isEmpty ? nil : $0.1 } }
    }

    @Test(arguments: [
        "", "q=90+123+45+67", "status=queued", "status=queued,submitted&lane=otp", "reference=order+%3C1%3E%26a%3Db",
        "error=blacklisted&webhook=dead&unsettled=yes&after=27000000001", "q=%22%3E%3Cscript%3E",
        "q=o%CA%BBzbek&status=scheduled,queued,sending,unknown,submitted,delivered,undelivered,failed,expired,cancelled",
    ])
    func `a filter is in its address, and nothing else is`(address: String) {
        let filter = filter(address)
        #expect(filter.unreadable.isEmpty)
        let again = self.filter(String(filter.address.drop { $0 != "?" }.dropFirst()))
        #expect(again == filter)
        #expect(filter.isEmpty == address.isEmpty)
        #expect(filter.search(limit: 5) != nil)
    }

    @Test(arguments: [
        ("status=quued", "status"), ("status=queued,", "status"), ("lane=fast", "lane"), ("webhook=yes", "webhook"),
        ("unsettled=1", "unsettled"), ("after=x", "after"), ("after=-1", "after"),
    ])
    func `what cannot be read finds nothing, and nothing can be done to it`(address: String, name: String) {
        let filter = filter(address)
        #expect(filter.unreadable == [name])
        #expect(filter.search(limit: 5) == nil)
        #expect(!filter.isEmpty)
        for action in BulkAction.allCases { #expect(action.narrowed(filter) == nil) }
    }

    @Test(arguments: [
        ("998901234567", "998901234567"), ("+998 90 123-45-67", "998901234567"), ("901234567", "998901234567"),
    ])
    func `a phone is known however it is written`(query: String, digits: String) throws {
        let search = try #require(filter(URLEncoding.encode([("q", query)])).search(limit: 5))
        #expect(search.phone == digits)
        #expect(search.reference == nil && search.providerID == nil)
    }

    @Test func `a number of ours, an id of Eskiz's and a reference are told apart`() {
        #expect(filter("q=27000000001").subject == .message(MessageID(27_000_000_001)))
        let uuid = "2F2A6E4B-9d0c-4f0e-8a3e-1c5d1f9b7a60"
        #expect(filter("q=\(uuid)").subject == .provider(uuid.lowercased()))
        #expect(filter("q=order-17").subject == .reference("order-17"))
        #expect(filter("q=+").subject == nil)
    }

    @Test func `two references at once are nobody's`() {
        #expect(filter("q=order-1&reference=order-2").search(limit: 5) == nil)
        #expect(filter("q=order-1&reference=order-1").search(limit: 5)?.reference == "order-1")
    }

    @Test func `a line of the audit names the filter without the phone`() {
        let text = filter("q=%2B998901234567&status=queued&after=5").description
        #expect(text == "q=+998 90 *** ** 67 status=queued")
        #expect(filter("").description == "all")
    }

    @Test func `what is done to many is narrowed to whom it can be done to`() throws {
        let all = filter("")
        #expect(BulkAction.cancel.narrowed(all)?.states == [.scheduled, .queued])
        #expect(BulkAction.cancel.narrowed(filter("status=queued,failed"))?.states == [.queued])
        #expect(BulkAction.cancel.narrowed(filter("status=failed")) == nil)
        for action in [BulkAction.notSent, .sendAgain] {
            let narrowed = try #require(action.narrowed(filter("lane=bulk&after=9")))
            #expect(narrowed.isUnsettled && narrowed.states == [.unknown])
            #expect(narrowed.lane == .bulk && narrowed.after == nil)
            #expect(action.narrowed(filter("status=delivered")) == nil)
        }
        #expect(BulkAction.replay.narrowed(filter("status=delivered"))?.hasDeadWebhook == true)
    }
}
