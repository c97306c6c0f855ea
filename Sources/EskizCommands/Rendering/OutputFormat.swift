import EskizWords

/// How a result is printed.
package enum OutputFormat: Sendable, CaseIterable {
    /// For people, in their language.
    case text
    /// One document for programs, always in English.
    case json
}

/// Anything a verb answers with.
///
/// Both forms are required, so a verb cannot forget one.
package protocol Presentable: Sendable {
    /// The document that `--json` prints.
    func json() -> JSONValue
    /// What a person reads, without a newline at the end.
    func text(on page: Page) -> String
}

extension OutputFormat {
    /// The only place that looks at the format of a result: a new format does not compile until it is handled here.
    package func render(_ result: some Presentable, on page: Page) -> String {
        switch self {
        case .text: result.text(on: page)
        case .json: result.json().rendered(indented: page.width != nil)
        }
    }
}
