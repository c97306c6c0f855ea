/// A `.env` file: `NAME=value` lines as compose files and frameworks write them.
///
/// Comments, `export`, and quotes are understood: single quotes keep everything as it is, double quotes know
/// `\n`, `\"` and `\\`. A value without quotes ends at ` #`. Outside single quotes `${NAME}` is the value of the environment,
/// or of a line before, and `${NAME:-x}` is `x` where there is none, as docker compose has them; `$${` is a plain `${`. The byte order mark that editors of Windows put at the
/// beginning is no part of the first name.
enum DotEnvFile {
    static func parse(_ contents: String, environment: [String: String] = [:]) -> [String: String] {
        var values: [String: String] = [:]
        var scalars = contents.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        for line in Substring(scalars).split(whereSeparator: \.isNewline) {
            var rest = line.drop(while: \.isWhitespace)
            if rest.hasPrefix("#") { continue }
            if rest.hasPrefix("export "), rest.count > 7 { rest = rest.dropFirst(7).drop(while: \.isWhitespace) }
            guard let equals = rest.firstIndex(of: "=") else { continue }
            let name = String(trimmedAtEnd(rest[..<equals]))
            guard !name.isEmpty, !name.contains(where: \.isWhitespace) else { continue }
            let known = values.merging(environment) { _, outside in outside }
            values[name] = value(rest[rest.index(after: equals)...].drop(while: \.isWhitespace)) { known[$0] }
        }
        return values
    }

    private static func value(_ text: Substring, _ known: (String) -> String?) -> String {
        switch text.first {
        case "'":
            let inner = text.dropFirst()
            return String(inner.prefix { $0 != "'" })
        case "\"":
            return doubleQuoted(text.dropFirst(), known)
        default:
            var plain = text
            var previous: Character = " "
            for index in text.indices {
                if text[index] == "#", previous.isWhitespace {
                    plain = text[..<index]
                    break
                }
                previous = text[index]
            }
            return expanded(trimmedAtEnd(plain), known)
        }
    }

    private static func doubleQuoted(_ text: Substring, _ known: (String) -> String?) -> String {
        var value = ""
        // What stands between two escapes is expanded; what an escape makes is not.
        var plain = ""
        func flush() {
            value += expanded(plain[...], known)
            plain = ""
        }
        var isEscaped = false
        for character in text {
            if isEscaped {
                flush()
                switch character {
                case "n": value.append("\n")
                case "t": value.append("\t")
                case "\"", "\\", "$": value.append(character)
                default: value += "\\" + String(character)
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                break
            } else {
                plain.append(character)
            }
        }
        flush()
        return value
    }

    /// The text with each `${…}` in it replaced.
    private static func expanded(_ text: Substring, _ known: (String) -> String?) -> String {
        var value = ""
        var rest = text
        while let open = rest.firstRange(of: "${") {
            let before = rest[..<open.lowerBound]
            if before.hasSuffix("$") {
                value += before.dropLast() + "${"
                rest = rest[open.upperBound...]
                continue
            }
            guard let close = closing(rest[open.upperBound...]) else { break }
            value += before + replacement(rest[open.upperBound..<close], known)
            rest = rest[rest.index(after: close)...]
        }
        return value + rest
    }

    /// The brace that closes one which is open, past those of expressions inside.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var depth = 1
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "{", previous == "$" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
            previous = text[index]
        }
        return nil
    }

    /// `NAME`, `NAME:-x` (unset or empty), `NAME-x` (unset), `NAME:+x`, `NAME+x`.
    private static func replacement(_ expression: Substring, _ known: (String) -> String?) -> String {
        let name = expression.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var rule = expression[name.endIndex...]
        let found = known(String(name))
        var isSet = found != nil
        if rule.hasPrefix(":") {
            rule = rule.dropFirst()
            isSet = found?.isEmpty == false
        }
        switch rule.first {
        case "-": return isSet ? found ?? "" : expanded(rule.dropFirst(), known)
        case "+": return isSet ? expanded(rule.dropFirst(), known) : ""
        default: return found ?? ""
        }
    }

    private static func trimmedAtEnd(_ text: Substring) -> Substring {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
