/// A phone that gets nothing any more, or nothing in bulk.
package struct Suppression: Sendable, Hashable {
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Nothing at all, codes included.
        case all
        /// No message of the lane `bulk`.
        case bulk

        /// Whether messages of a lane are kept from the phone.
        package func covers(_ lane: Lane) -> Bool {
            switch self {
            case .all: true
            case .bulk: lane == .bulk
            }
        }
    }

    /// What a message says that was waiting when its phone came onto the list.
    package static let detail = "suppressed"
    package static let reasonLimit = 200
    /// More than these are not added or taken off in one step.
    package static let largestStep = 1_000

    /// Grows with each phone that is added; given by the store.
    package var number: Int64
    /// Digits with country code.
    package var phone: String
    package var scope: Scope
    /// Why, in the words of whoever added it.
    package var reason: String
    package var addedAt: Timestamp
    /// The name of the key that added it.
    package var addedBy: String

    package init(
        number: Int64 = 0,
        phone: String,
        scope: Scope,
        reason: String,
        addedAt: Timestamp,
        addedBy: String
    ) {
        self.number = number
        self.phone = phone
        self.scope = scope
        self.reason = reason
        self.addedAt = addedAt
        self.addedBy = addedBy
    }
}

extension Suppression: CustomStringConvertible, CustomReflectable {
    /// Its number on the list, never the phone.
    package var description: String { "suppression \(number)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["suppression": description]) }
}

/// Which phones of the list to show; nil means any.
package struct SuppressionSearch: Sendable, Hashable {
    /// More than this never comes at once.
    package static let maximumLimit = 1_000

    /// Digits with country code.
    package var phone: String?
    /// Only ones that were added before this one.
    package var before: Int64?
    /// At most `maximumLimit` come.
    package var limit: Int

    package init(phone: String? = nil, before: Int64? = nil, limit: Int = 50) {
        self.phone = phone
        self.before = before
        self.limit = limit
    }
}

/// The list of phones that get nothing.
///
/// A store that keeps it looks at it in the step that accepts a message (`Acceptance.suppressed`), and again in the step that
/// claims one: what waited is `cancelled` then, with `Suppression.detail`. As with `MessageStore`, each call is one atomic step
/// that is durable when it returns. `SuppressionConformance` in `EskizQueueTesting` is the definition.
package protocol SuppressionStore: Sendable {
    /// Puts phones onto the list; one that is on it already gets the new scope and reason.
    ///
    /// - Returns: how many were not on it.
    func suppress(_ phones: [Suppression]) async throws(StoreError) -> Int

    /// Takes phones off the list.
    ///
    /// - Returns: how many were on it.
    func unsuppress(_ phones: [String]) async throws(StoreError) -> Int

    /// The last one that was added comes first.
    func suppressions(_ search: SuppressionSearch) async throws(StoreError) -> [Suppression]

    /// How many phones are on the list.
    func suppressionCount() async throws(StoreError) -> Int
}
