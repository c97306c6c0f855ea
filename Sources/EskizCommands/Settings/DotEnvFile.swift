/// A `.env` file: `NAME=value` lines as compose files and frameworks write them.
///
/// Comments, `export`, and quotes are understood: single quotes keep everything as it is, double quotes know
/// `\n`, `\"` and `\\`. A value without quotes ends at ` #`. The byte order mark that editors of Windows put at the
/// beginning is no part of the first name.
enum DotEnvFile {
    static func parse(_ contents: String) -> [String: String] {
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
            values[name] = value(rest[rest.index(after: equals)...].drop(while: \.isWhitespace))
        }
        return values
    }

    private static func value(_ text: Substring) -> String {
        switch text.first {
        case "'":
            let inner = text.dropFirst()
            return String(inner.prefix { $0 != "'" })
        case "\"":
            return doubleQuoted(text.dropFirst())
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
            return String(trimmedAtEnd(plain))
        }
    }

    private static func doubleQuoted(_ text: Substring) -> String {
        var value = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
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
                value.append(character)
            }
        }
        return value
    }

    private static func trimmedAtEnd(_ text: Substring) -> Substring {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
