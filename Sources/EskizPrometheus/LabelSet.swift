/// The labels of a time series, in the one form in which two equal sets are equal.
///
/// Sorted by name, so the order in which code gives them is no difference. A label with an empty value is left out,
/// because for Prometheus it is not there (https://prometheus.io/docs/concepts/data_model/). Names keep to
/// `[a-zA-Z_][a-zA-Z0-9_]*`:
/// - each run of other characters becomes one underscore, and two at the beginning become one, because those names are
///   Prometheus's own;
/// - `le` and `quantile` belong to histograms and summaries, and get the prefix `exported_`, as Prometheus itself does
///   with a label whose name is taken;
/// - values whose names have become the same are joined by `;` in the order of their names in code, as OpenTelemetry
///   prescribes for its exporters.
package struct LabelSet: Hashable, Sendable {
    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let labels: [Label]

    /// No labels.
    package init() {
        labels = []
    }

    /// - Parameter dimensions: names and values as code gives them
    package init(_ dimensions: [(String, String)]) {
        let named = dimensions.filter { !$0.1.isEmpty }
            .map { (name: Self.sanitised($0.0), original: $0.0, value: $0.1) }
            .sorted { ($0.name, $0.original, $0.value) < ($1.name, $1.original, $1.value) }
        var labels: [Label] = []
        labels.reserveCapacity(named.count)
        for one in named {
            if let last = labels.last, last.name == one.name {
                labels[labels.count - 1] = Label(name: last.name, value: "\(last.value);\(one.value)")
            } else {
                labels.append(Label(name: one.name, value: one.value))
            }
        }
        self.labels = labels
    }

    /// A label's name in the grammar of the format.
    package static func sanitised(_ name: String) -> String {
        var name = ASCIIName.sanitised(name)
        while name.hasPrefix("__") { name.removeFirst() }
        return name == "le" || name == "quantile" ? "exported_\(name)" : name
    }
}

extension LabelSet: Comparable {
    package static func < (left: LabelSet, right: LabelSet) -> Bool {
        left.labels.lexicographicallyPrecedes(right.labels) { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
