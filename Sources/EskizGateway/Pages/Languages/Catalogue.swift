import EskizPages

/// Everything that the pages say, from all its parts.
enum Catalogue {
    /// By the names that templates use; no two parts have a name in common.
    static let words: [String: Words] = parts.reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    static let parts: [[String: Words]] = [
        FramePhrase.table, OverviewPhrase.table, MessagePhrase.table, ActionPhrase.table, TimelinePhrase.table,
        BulkPhrase.table, AuditPhrase.table, ReasonPhrase.table, ReportPhrase.table, HoldPhrase.table,
        CodesPhrase.table, SuppressionPhrase.table,
    ]
}

extension PageLanguage {
    /// A phrase with its `{placeholders}` filled in.
    func say(_ phrase: some PagePhrase, _ values: [String: String] = [:]) -> String {
        phrase.words.text(in: self, values)
    }
}
