package import EskizWords
import Mustache

/// Fills templates.
///
/// Whatever comes from outside goes through mustache's escaping: no template has an unescaped field.
package struct PageLibrary: Sendable {
    private let library: MustacheLibrary
    private let words: [Language: [String: String]]

    /// - Parameters:
    ///   - templates: by the names that partials call them; the frame's are added.
    ///   - phrases: what templates reach as `{{t.name}}`, by that name.
    /// - Throws: what mustache says of a template that it cannot read, and ``MissingPartial``.
    package init(templates: [String: String], phrases: [String: any WordKey]) throws {
        let texts = templates.merging(PageFrame.templates) { own, _ in own }
        for (name, text) in texts {
            for partial in Self.partials(of: text) where texts[partial] == nil {
                throw MissingPartial(name: partial, template: name)
            }
        }
        library = MustacheLibrary(templates: try texts.mapValues { try MustacheTemplate(string: $0) })
        words = Dictionary(
            uniqueKeysWithValues: Language.allCases.map { language in
                (language, phrases.mapValues { language.say($0) })
            }
        )
    }

    /// A template names another one that does not exist; mustache would show nothing in its place.
    package struct MissingPartial: Error {
        package let name: String
        package let template: String
    }

    private static func partials(of text: String) -> [String] {
        text.split(separator: "{{>").dropFirst(text.hasPrefix("{{>") ? 0 : 1).map { rest in
            String(rest.prefix { $0 != "}" }.filter { $0 != " " })
        }
    }

    /// A page as HTML.
    package func html(
        _ template: String,
        title: String,
        context: PageContext,
        in language: Language
    ) -> String {
        var context = context
        context["title"] = title
        context["t"] = words[language]
        return library.render(context, withTemplate: template) ?? ""
    }
}
