import EskizPages
import EskizWords

/// What an action came to: one line on the next page, carried there by a cookie.
///
/// ```swift
/// return PageRedirect(to: "/", notice: Notice(.good, OverviewPhrase.renewed))
/// ```
struct Notice: Sendable, Equatable {
    enum Tone: String, Sendable {
        case good, bad
    }

    static let cookie = "eskiz-gateway-notice"

    let tone: Tone
    /// The name of a phrase, as in ``PagePhrases``.
    let phrase: String
    /// For its placeholders: no phones, no texts.
    let values: [String: String]

    init(_ tone: Tone, _ phrase: some PagePhrase, _ values: [String: String] = [:]) {
        self.tone = tone
        self.phrase = phrase.rawValue
        self.values = values
    }

    /// From the header `Cookie`; nil for none, or for one that says nothing we would.
    init?(cookie header: String?) {
        guard let text = CookieHeader.values(of: header)[Self.cookie] else { return nil }
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let tone = Tone(rawValue: String(parts[0])),
            PagePhrases.byName[String(parts[1])] != nil
        else { return nil }
        self.tone = tone
        phrase = String(parts[1])
        values = Dictionary(URLEncoding.pairs(of: parts[2])) { first, _ in first }
    }

    /// The cookie's value.
    var cookieValue: String {
        "\(tone.rawValue).\(phrase).\(URLEncoding.encode(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))"
    }

    func text(in language: Language) -> String {
        PagePhrases.byName[phrase].map { language.say($0, values) } ?? ""
    }
}
