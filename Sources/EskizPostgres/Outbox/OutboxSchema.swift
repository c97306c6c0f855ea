extension Schema {
    /// Where applications leave messages: `eskiz.send`, `eskiz.status`, `eskiz.poke`, and the table behind them.
    package static let outbox = Schema(
        component: "outbox",
        steps: [Step(oldestReader: 1, sql: String(decoding: PackageResources.outbox_1_sql, as: UTF8.self))]
    )
}
