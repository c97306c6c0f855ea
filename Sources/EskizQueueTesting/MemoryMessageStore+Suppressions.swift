package import EskizQueue

extension MemoryMessageStore: SuppressionStore {
    package func suppress(_ phones: [Suppression]) async throws(StoreError) -> Int {
        try step { state in state.suppress(phones) }
    }

    package func unsuppress(_ phones: [String]) async throws(StoreError) -> Int {
        try step { state in
            phones.count { state.suppressions.removeValue(forKey: $0) != nil }
        }
    }

    package func suppressions(_ search: SuppressionSearch) async throws(StoreError) -> [Suppression] {
        try step { state in
            let found = state.suppressions.values.filter { entry in
                (search.phone == nil || entry.phone == search.phone) && entry.number < search.before ?? .max
            }
            let limit = min(max(0, search.limit), SuppressionSearch.maximumLimit)
            return Array(found.sorted { $0.number > $1.number }.prefix(limit))
        }
    }

    package func suppressionCount() async throws(StoreError) -> Int {
        try step { state in state.suppressions.count }
    }
}

extension MemoryMessageStore.State {
    mutating func suppress(_ phones: [Suppression]) -> Int {
        var added = 0
        for var phone in phones {
            if let known = suppressions[phone.phone] {
                phone.number = known.number
            } else {
                nextSuppression += 1
                phone.number = nextSuppression
                added += 1
            }
            suppressions[phone.phone] = phone
        }
        return added
    }

    func isSuppressed(_ phone: String, _ lane: Lane) -> Bool {
        suppressions[phone]?.scope.covers(lane) ?? false
    }
}
