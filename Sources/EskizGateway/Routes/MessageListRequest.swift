import EskizQueue
import EskizText

/// The filters of a list.
struct MessageListRequest {
    let search: MessageSearch

    static let limits = 1...200
    static let defaultLimit = 50

    init(_ query: String?) throws(Problem) {
        var parameters = QueryParameters(query, known: ["status", "lane", "to", "reference", "after", "limit"])
        var search = MessageSearch(limit: Self.defaultLimit)
        if let text = parameters["status"] {
            let states = text.split(separator: ",", omittingEmptySubsequences: false).map {
                MessageState(rawValue: String($0))
            }
            search.states = Set(states.compactMap { $0 })
            if states.contains(nil) {
                let all = MessageState.allCases.map(\.rawValue).joined(separator: ", ")
                parameters.note("status", "invalid_status", "`status` is a list, with commas, of: \(all).")
            }
        }
        if let text = parameters["lane"] {
            search.lane = Lane(rawValue: text)
            if search.lane == nil {
                parameters.note("lane", "invalid_lane", "`lane` is one of otp, transactional and bulk.")
            }
        }
        if let text = parameters["to"] {
            switch MessageRules.phone(text) {
            case .success(let phone): search.phone = phone.digits
            case .failure(let error): parameters.note("to", error.code, error.detail)
            }
        }
        if let text = parameters["reference"] {
            search.reference = text
            if let error = PlainText.problem(text, upTo: MessageRules.referenceLimit) {
                parameters.note("reference", error.code, "`reference` \(error.reason)")
            }
        }
        if let text = parameters["after"] {
            search.before = MessageID(text: text)
            if search.before == nil {
                parameters.note("after", "invalid_cursor", "`after` is the `next` of the page before, as it was given.")
            }
        }
        if let text = parameters["limit"] {
            search.limit = MessageID(text: text).map { Int($0.rawValue) } ?? 0
            if !Self.limits.contains(search.limit) {
                parameters.note("limit", "out_of_range", "`limit` is a number from 1 to 200.")
            }
        }
        try parameters.check()
        self.search = search
    }
}
