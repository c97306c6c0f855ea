extension Schema {
    /// What gateways keep: messages, attempts, reports, webhooks, keys, counts, verifications, and what operators decide.
    package static let messages = Schema(
        component: "messages",
        steps: [
            Step(oldestReader: 1, sql: String(decoding: PackageResources.messages_1_sql, as: UTF8.self)),
            Step(oldestReader: 1, sql: String(decoding: PackageResources.messages_2_sql, as: UTF8.self)),
        ]
    )
}
