/// All words of one language, from its file.
package enum Catalogue {
    /// Read at the first use, once.
    package static func words(in language: Language) -> WordsFile {
        switch language {
        case .english: english
        case .uzbek: uzbek
        case .russian: russian
        }
    }

    /// English sentences of errors, by which they are recognised, with the keys of their words.
    fileprivate static let sentences: [String: String] = {
        let texts = english.sections["sentence", default: [:]].compactMap { key, entry in
            if case .text(let text) = entry { (text, key) } else { nil }
        }
        return Dictionary(texts, uniquingKeysWith: { first, _ in first })
    }()

    private static let english = WordsFile(PackageResources.en_txt)
    private static let uzbek = WordsFile(PackageResources.uz_txt)
    private static let russian = WordsFile(PackageResources.ru_txt)
}

/// A name for words: a misspelt one does not compile.
///
/// An enumeration holds the keys of a section, or of a part of it:
///
/// ```swift
/// enum BalanceWords: String, WordKey {
///     case left, spent
///     static var section: String { "balance" }
/// }
/// language.say(BalanceWords.left, ["amount": "100"])
/// ```
///
/// The words themselves are in `Languages`, and a test sees to it that each key has them in every language.
package protocol WordKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The section of the files that its keys stand in.
    static var section: String { get }
}

extension Language {
    /// The words of a key with their `{placeholders}` filled in.
    ///
    /// A key without words says its own name, in brackets: no other language stands in.
    package func say(_ key: some WordKey, _ values: [String: String] = [:]) -> String {
        Self.fill(template(key), values)
    }

    /// The words that belong beside a number.
    ///
    /// - Parameters:
    ///   - key: has plural forms in the files.
    ///   - count: decides on the form, and stands for `{count}`; nil if nobody knows, which is `?`.
    ///   - values: for the other placeholders; a `count` in them is what is shown.
    /// - Returns: the words, filled in.
    package func say(
        _ key: some WordKey,
        count: (some BinaryInteger)?,
        _ values: [String: String] = [:]
    ) -> String {
        var values = values
        if values["count"] == nil { values["count"] = count.map { grouped(Int(clamping: $0)) } ?? "?" }
        let category = count.map { PluralCategory(of: UInt64(clamping: $0.magnitude), in: self) } ?? .other
        return Self.fill(template(key, category), values)
    }

    /// What to do about what a key says: the words of the same name in the section `….remedy`.
    ///
    /// - Parameters:
    ///   - key: names what happened.
    ///   - values: for the placeholders.
    /// - Returns: nil where there is nothing to do.
    package func remedy(_ key: some WordKey, _ values: [String: String] = [:]) -> String? {
        guard case .text(let text)? = entry(key.rawValue, Self.section(of: key) + ".remedy") else { return nil }
        return Self.fill(text, values)
    }

    /// The words of a key as they stand in the file.
    package func template(_ key: some WordKey, _ category: PluralCategory = .other) -> String {
        let section = Self.section(of: key)
        return switch entry(key.rawValue, section) {
        case .text(let text)?: text
        case .plural(let forms)?: forms[category] ?? "[\(section) \(key.rawValue).\(category.rawValue)]"
        case nil: "[\(section) \(key.rawValue)]"
        }
    }

    /// What an English sentence of an error is in this language; nil where the files do not have it.
    package func sentence(_ english: String) -> String? {
        guard let key = Catalogue.sentences[english], case .text(let text)? = entry(key, "sentence") else { return nil }
        return text
    }

    private func entry(_ key: String, _ section: String) -> WordsFile.Entry? {
        Catalogue.words(in: self).sections[section]?[key]
    }

    private static func section<Key: WordKey>(of key: Key) -> String { Key.section }

    /// A text with its `{placeholders}` filled in; one without a value stays visible.
    package static func fill(_ pattern: String, _ values: [String: String]) -> String {
        guard pattern.utf8.contains(UInt8(ascii: "{")) else { return pattern }
        var text = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            text += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }
}

extension WordKey {
    /// Its words in a language, with their placeholders filled in.
    package func text(in language: Language, _ values: [String: String] = [:]) -> String {
        language.say(self, values)
    }
}
