import EskizWords

/// A part of what the pages say: the phrases of one kind of page, in the section `gateway` of the files of words.
protocol PagePhrase: WordKey {}

extension PagePhrase {
    static var section: String { "gateway" }
}

/// Everything that the pages say, from all its parts.
enum PagePhrases {
    static let parts: [any PagePhrase.Type] = [
        FramePhrase.self, OverviewPhrase.self, MessagePhrase.self, ActionPhrase.self, TimelinePhrase.self,
        BulkPhrase.self, AuditPhrase.self, ReasonPhrase.self, ReportPhrase.self, HoldPhrase.self,
        CodesPhrase.self, SuppressionPhrase.self,
    ]

    /// By the names that templates use; no two parts have a name in common.
    static let byName: [String: any PagePhrase] = Dictionary(
        parts.flatMap { keys(of: $0) }.map { ($0.rawValue, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static func keys<Part: PagePhrase>(of _: Part.Type) -> [any PagePhrase] { Array(Part.allCases) }
}
