/// A number that a collector found when it was asked.
package struct Sample: Sendable {
    /// Which kinds a collector can report.
    package enum Kind: Sendable {
        /// Only grows, or starts again from zero; `_total` is appended to the name if absent.
        case counter
        /// Goes up and down.
        case gauge
    }

    package var name: String
    package var kind: Kind
    package var labels: [(String, String)]
    package var value: Double

    package init(_ name: String, kind: Kind = .gauge, labels: [(String, String)] = [], value: Double) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.value = value
    }

    var familyKind: MetricFamily.Kind {
        switch kind {
        case .counter: .counter
        case .gauge: .gauge
        }
    }
}
