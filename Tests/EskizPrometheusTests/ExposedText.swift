/// The text of a scrape, read by the rules of the format and not by ours.
struct ExposedText {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Unreadable: Error {
        var line: String
    }

    private(set) var samples: [Sample] = []
    private(set) var helps: [String: String] = [:]
    private(set) var types: [String: String] = [:]

    /// - Throws: ``Unreadable`` for a line that is not in the format, or a series or header that is there twice
    init(_ text: String) throws {
        for scalars in text.unicodeScalars.split(separator: "\n") {
            let line = String(scalars)
            if line.hasPrefix("# HELP ") {
                let (name, help) = try Self.header(line)
                var rest = help.unicodeScalars[...]
                guard helps.updateValue(Self.unescaped(&rest, until: nil), forKey: name) == nil else {
                    throw Unreadable(line: line)
                }
            } else if line.hasPrefix("# TYPE ") {
                let (name, type) = try Self.header(line)
                guard types.updateValue(type, forKey: name) == nil else { throw Unreadable(line: line) }
            } else {
                let sample = try Self.sample(line)
                guard self[sample.name, sample.labels] == nil else { throw Unreadable(line: line) }
                samples.append(sample)
            }
        }
    }

    /// The value of a series.
    subscript(name: String, labels: [String: String]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    subscript(name: String) -> Double? { self[name, [:]] }

    private static func header(_ line: String) throws -> (String, String) {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count > 2 else { throw Unreadable(line: line) }
        return (String(parts[2]), parts.count > 3 ? String(parts[3]) : "")
    }

    private static func sample(_ line: String) throws -> Sample {
        var rest = line.unicodeScalars[...]
        let name = String(String.UnicodeScalarView(rest.prefix { $0 != "{" && $0 != " " }))
        rest = rest.dropFirst(name.unicodeScalars.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let label = String(String.UnicodeScalarView(rest.prefix { $0 != "=" }))
                rest = rest.dropFirst(label.unicodeScalars.count)
                guard rest.starts(with: "=\"".unicodeScalars) else { throw Unreadable(line: line) }
                rest = rest.dropFirst(2)
                let value = unescaped(&rest, until: "\"")
                guard rest.first == "\"", labels.updateValue(value, forKey: label) == nil else {
                    throw Unreadable(line: line)
                }
                rest = rest.dropFirst()
            } while rest.first == ","
            guard rest.first == "}" else { throw Unreadable(line: line) }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Double(String(rest.dropFirst())) else { throw Unreadable(line: line) }
        return Sample(name: name, labels: labels, value: value)
    }

    /// Reads up to the end mark, which stays.
    private static func unescaped(_ rest: inout String.UnicodeScalarView.SubSequence, until end: Unicode.Scalar?)
        -> String
    {
        var text = String.UnicodeScalarView()
        while let scalar = rest.first, scalar != end {
            rest = rest.dropFirst()
            if scalar == "\\", let next = rest.first {
                rest = rest.dropFirst()
                text.append(next == "n" ? "\n" : next)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
