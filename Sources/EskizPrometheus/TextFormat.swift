/// The Prometheus text exposition format, version 0.0.4.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/. Pure: values in, text out.
///
/// ```swift
/// let body = TextFormat.text(of: await registry.families())
/// ```
package enum TextFormat {
    /// The value of the `Content-Type` header.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text of the families, sorted by name, their members by labels; a family without members is left out.
    ///
    /// Each name may be there once only.
    package static func text(of families: [MetricFamily]) -> String {
        var text = ""
        for family in families.sorted(by: { $0.name < $1.name }) where !family.members.isEmpty {
            text += "# HELP \(family.name) \(escapedHelp(family.help))\n"
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for member in family.members.sorted(by: { $0.labels < $1.labels }) {
                switch member.value {
                case .number(let value):
                    write(family.name, member.labels, number(value), to: &text)
                case .histogram(let histogram):
                    write(family.name, member.labels, histogram, to: &text)
                }
            }
        }
        return text
    }

    private static func write(
        _ name: String,
        _ labels: LabelSet,
        _ histogram: HistogramSnapshot,
        to text: inout String
    ) {
        let cumulative = histogram.cumulative
        for (bound, count) in cumulative {
            write(name + "_bucket", labels, upperBound: number(bound), String(count), to: &text)
        }
        write(name + "_sum", labels, number(histogram.sum), to: &text)
        write(name + "_count", labels, String(histogram.count), to: &text)
    }

    private static func write(
        _ name: String,
        _ labels: LabelSet,
        upperBound: String? = nil,
        _ value: String,
        to text: inout String
    ) {
        text += name
        var pairs = labels.labels.map { "\($0.name)=\"\(escapedLabelValue($0.value))\"" }
        if let upperBound { pairs.append("le=\"\(upperBound)\"") }
        if !pairs.isEmpty { text += "{\(pairs.joined(separator: ","))}" }
        text += " \(value)\n"
    }

    /// A number as Prometheus reads it: whole numbers without exponent, `+Inf`, `-Inf`, `NaN`; otherwise the shortest
    /// text that reads back as the same number.
    package static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? value.description
    }

    /// Backslash, quote and newline escaped.
    package static func escapedLabelValue(_ value: String) -> String {
        escaped(value, quote: "\\\"")
    }

    /// Backslash and newline escaped: no quotes surround a help text.
    package static func escapedHelp(_ help: String) -> String {
        escaped(help, quote: "\"")
    }

    private static func escaped(_ text: String, quote: String) -> String {
        var result = ""
        // By scalars: carriage return and newline together are one Character.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += quote
            case "\n": result += "\\n"
            // The scanner of a Prometheus server takes it for the end of the text.
            case "\0": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
