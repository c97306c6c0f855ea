/// The name a metric is exposed under, made from the label it was given in code.
///
/// The grammar is `[a-zA-Z_:][a-zA-Z0-9_:]*`, and colons belong to recording rules
/// (https://prometheus.io/docs/concepts/data_model/). So each run of other characters becomes one underscore, and two
/// labels that differ in such characters only are one metric.
///
/// Endings carry meaning, so that nothing that is exposed can be taken for something else:
/// - a counter, and nothing but a counter, ends in `_total`;
/// - a timer ends in `_seconds`, and an ending that names another unit of time makes way for it;
/// - `_count`, `_sum` and `_bucket` are what a histogram's series end in. A gauge of such a name gets `_value` after it,
///   a histogram `_distribution`.
package struct MetricName: Hashable, Sendable {
    /// As given in code.
    package let label: String
    /// The label in the grammar of the format, without an ending.
    package let base: String
    /// The name in the text.
    package let exposed: String

    /// - Parameters:
    ///   - label: any text, such as `eskiz.request.duration`
    ///   - kind: decides the ending
    ///   - isDuration: whether values are seconds, as a timer's are
    package init(_ label: String, kind: MetricFamily.Kind, isDuration: Bool = false) {
        self.label = label
        base = Self.sanitised(label)
        var name = base
        if isDuration {
            for unit in Self.otherUnitsOfTime where name.hasSuffix(unit) {
                name.removeLast(unit.count)
                break
            }
            if !name.hasSuffix("_seconds") { name += "_seconds" }
        }
        switch kind {
        case .counter:
            if !name.hasSuffix("_total") { name += "_total" }
        case .gauge, .histogram:
            if Self.reservedEndings.contains(where: name.hasSuffix) { name += kind.ending }
        }
        exposed = name
    }

    /// The label in the grammar of the format.
    package static func sanitised(_ label: String) -> String {
        ASCIIName.sanitised(label)
    }

    private static let otherUnitsOfTime = ["_milliseconds", "_microseconds", "_nanoseconds", "_ms"]
    private static let reservedEndings = ["_total", "_count", "_sum", "_bucket"]
}

extension MetricFamily.Kind {
    /// What keeps a name apart from the same name of another kind.
    ///
    /// Not the kind itself: `promtool` refuses `_gauge` and `_histogram` in a name.
    var ending: String {
        switch self {
        case .counter: "_total"
        case .gauge: "_value"
        case .histogram: "_distribution"
        }
    }
}
