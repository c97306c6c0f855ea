/// All time series of one name, as they were at one moment.
package struct MetricFamily: Sendable, Equatable {
    /// What Prometheus may do with the numbers.
    package enum Kind: String, Sendable, CaseIterable {
        /// Only grows, or starts again from zero.
        case counter
        /// Goes up and down.
        case gauge
        /// Observations counted by size.
        case histogram
    }

    /// What a time series says.
    package enum Value: Sendable, Equatable {
        case number(Double)
        case histogram(HistogramSnapshot)
    }

    /// One member of the family.
    package struct Member: Sendable, Equatable {
        package var labels: LabelSet
        package var value: Value

        package init(labels: LabelSet, value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    /// In the grammar of the format: see ``MetricName``.
    package var name: String
    package var kind: Kind
    package var help: String
    package var members: [Member]

    package init(name: String, kind: Kind, help: String, members: [Member]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.members = members
    }
}
