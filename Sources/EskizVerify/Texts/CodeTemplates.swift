package import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The texts of codes, by name and language (`ESKIZ_VERIFY_TEMPLATES`).
package struct CodeTemplates: Sendable, Hashable {
    /// In the order of the file; there is at least one.
    package let all: [CodeTemplate]

    /// The languages that are tried when the one that is wanted has no text.
    package static let fallback = ["uz", "ru", "en"]
    private static let sizeLimit = 1 << 20

    /// - Throws: ``CodeTemplateError`` if there is none, one is wrong, or two are the same.
    package init(_ templates: [CodeTemplate]) throws(CodeTemplateError) {
        guard !templates.isEmpty else { throw CodeTemplateError("There are no templates in it.") }
        var known: Set<[String]> = []
        for template in templates {
            let title: Sentence = "The template `\(template.name)` (\(template.language))"
            if let problem = template.problem { throw CodeTemplateError("\(title) \(problem).") }
            guard known.insert([template.name, template.language.lowercased()]).inserted else {
                throw CodeTemplateError("\(title) is there twice.")
            }
        }
        all = templates
    }

    /// One template for all languages: what there is without a file.
    package init(only text: String) throws(CodeTemplateError) {
        try self.init([CodeTemplate(name: "default", language: "uz", text: text)])
    }

    /// Reads a file: a list of templates, or an object with the list under `templates`.
    package init(json: [UInt8]) throws(CodeTemplateError) {
        guard json.count <= Self.sizeLimit else { throw CodeTemplateError("It is larger than 1 MiB.") }
        struct Wire: Decodable {
            var name: String?
            var language: String?
            var text: String?
            var app: String?
            var domain: String?
            var app_hash: String?
        }
        struct File: Decodable { var templates: [Wire] }
        let decoder = JSONDecoder()
        let data = Data(json)
        guard
            let wires = (try? decoder.decode([Wire].self, from: data))
                ?? (try? decoder.decode(File.self, from: data))?.templates
        else {
            throw CodeTemplateError(
                #"It is not a list such as [{"name": "login", "language": "uz", "text": "Kodingiz: {code}"}]."#
            )
        }
        var templates: [CodeTemplate] = []
        for (index, wire) in wires.enumerated() {
            guard let name = wire.name, let language = wire.language, let text = wire.text else {
                throw CodeTemplateError("Template \(index + 1) needs `name`, `language` and `text`.")
            }
            templates.append(
                CodeTemplate(
                    name: name,
                    language: language,
                    text: text,
                    app: wire.app,
                    domain: wire.domain,
                    appHash: wire.app_hash
                )
            )
        }
        try self.init(templates)
    }

    /// The names, each once, in the order of the file.
    package var names: [String] {
        var names: [String] = []
        for template in all where !names.contains(template.name) { names.append(template.name) }
        return names
    }

    /// The text for a name and a language.
    ///
    /// The first name of the file unless one is given. Of a name, the first of these that there is: the language as it is
    /// asked for (`uz-Cyrl`), its first part (`uz`), `uz`, `ru`, `en`, and whatever comes first in the file.
    ///
    /// - Returns: nil if there is no such name.
    package func template(named name: String?, for locale: String?) -> CodeTemplate? {
        let wanted = name ?? all[0].name
        if let match = all.first(where: { $0.name == wanted && $0.language == locale }) { return match }
        let named = all.filter { $0.name == wanted }
        var languages: [String] = []
        if let locale {
            let tag = String(locale.lowercased().map { $0 == "_" ? "-" : $0 })
            languages.append(tag)
            languages.append(String(tag.prefix { $0 != "-" }))
        }
        for language in languages + Self.fallback {
            if let match = named.first(where: { $0.language.lowercased() == language }) { return match }
        }
        return named.first
    }
}

/// Why a file of templates cannot be used: one sentence.
package struct CodeTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    package let what: Sentence

    package init(_ what: Sentence) {
        self.what = what
    }

    /// In English.
    package var description: String { what.description }
}
