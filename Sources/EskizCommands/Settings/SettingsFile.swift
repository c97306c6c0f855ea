#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `eskiz.json`: the settings as one object, flat or nested.
///
/// `{"base_url": "…"}`, `{"base": {"url": "…"}}` and `{"ESKIZ_BASE_URL": "…"}` say the same.
struct SettingsFile {
    /// By environment name.
    var values: [String: String] = [:]
    /// Keys that are no setting, as they stand in the file.
    var unknownKeys: [String] = []
    /// Keys whose value is neither text, number nor truth value.
    var unusableKeys: [String] = []

    /// Fails with nil if the document is not a JSON object.
    init?(json: [UInt8]) {
        guard let tree = try? JSONDecoder().decode(Tree.self, from: Data(json)), case .object = tree else { return nil }
        collect(tree, path: [])
        unknownKeys.sort()
        unusableKeys.sort()
    }

    private mutating func collect(_ tree: Tree, path: [String]) {
        switch tree {
        case .object(let members):
            for (key, value) in members { collect(value, path: path + [key]) }
        case .null:
            break
        case .text(let text):
            if let name = SettingName.environmentName(forKey: path) {
                values[name] = text
            } else {
                unknownKeys.append(path.joined(separator: "."))
            }
        case .list(let items):
            // The only list among the settings is that of API keys, which is comma-separated elsewhere.
            let texts = items.compactMap { if case .text(let text) = $0 { text } else { nil } }
            if texts.count == items.count {
                collect(.text(texts.joined(separator: ",")), path: path)
            } else {
                unusableKeys.append(path.joined(separator: "."))
            }
        }
    }

    private enum Tree: Decodable {
        case object([String: Tree])
        case list([Tree])
        case text(String)
        case null

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .text(flag ? "true" : "false")
            } else if let whole = try? container.decode(Int64.self) {
                self = .text(String(whole))
            } else if let number = try? container.decode(Double.self) {
                self = .text(String(number))
            } else if let list = try? container.decode([Tree].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Tree].self))
            }
        }
    }
}
