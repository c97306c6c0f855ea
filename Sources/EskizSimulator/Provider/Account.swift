/// A customer of the provider.
struct Account: Sendable {
    enum Role: String, Sendable { case user, test }

    let id: Int
    let name: String
    let email: String
    /// The secret key of the cabinet, which the API calls a password.
    let key: String
    let role: Role
    let createdAt: WallTime
    /// In UZS.
    var balance: Int
    /// `4546` is the shared sender; the others are the account's own nicknames (`eskiz-api.md` §8.3).
    let senders: [String]
    var updatedAt: WallTime
    var failedLogins = 0
    var lockedAt: WallTime?

    /// The accounts of a new simulator.
    static func standard(now: WallTime) -> [Account] {
        [
            Account(
                id: 101,
                name: "Example LLC",
                email: "demo@example.test",
                key: "demo-key",
                role: .user,
                createdAt: now,
                balance: 1_000_000_000,
                senders: ["4546", "Example"],
                updatedAt: now
            ),
            Account(
                id: 102,
                name: "Example Test",
                email: "test@example.test",
                key: "test-key",
                role: .test,
                createdAt: now,
                balance: 1_000_000,
                senders: ["4546"],
                updatedAt: now
            ),
        ]
    }
}

/// The only texts that a test account may send (`eskiz-api.md` §8.1).
enum TestTexts {
    static let all = ["Bu Eskiz dan test", "Это тест от Eskiz", "This is test from Eskiz"]
}
