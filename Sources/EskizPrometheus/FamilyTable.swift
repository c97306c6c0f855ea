/// Who is in the registry: families by exposed name, and their series by labels.
///
/// Decides, and does nothing else: which name a metric gets, which series is the same as one already there, and which
/// is one too many.
struct FamilyTable: Sendable {
    struct Family: Sendable {
        let name: MetricName
        let kind: MetricFamily.Kind
        let buckets: Buckets
        var series: [LabelSet: any Series] = [:]
    }

    struct Description: Sendable {
        var help: String
        var buckets: Buckets?
    }

    private(set) var families: [String: Family] = [:]
    private var descriptions: [String: Description] = [:]
    private let limits: PrometheusRegistry.Limits

    init(limits: PrometheusRegistry.Limits) {
        self.limits = limits
        let name = Self.droppedSeries
        families[name.exposed] = Family(name: name, kind: .counter, buckets: .amounts)
        describe(name.label, Description(help: "Refused time series, by the family that had too many."))
        // There from the beginning, so that an alert has something to compare with.
        countDropped(family: "", by: 0)
    }

    // MARK: Names

    /// The name may be as in code, or as exposed.
    mutating func describe(_ name: String, _ description: Description) {
        descriptions[MetricName.sanitised(name)] = description
    }

    /// The exposed name of a family of this kind, which exists from now on, or nothing if there are too many families.
    ///
    /// A name means one kind as long as the process lives. Where another kind has it already, the ending of the later
    /// one's kind is appended until the name is free or its own.
    mutating func claim(_ name: MetricName, kind: MetricFamily.Kind, isDuration: Bool) -> String? {
        var exposed = name.exposed
        while let family = families[exposed], family.kind != kind { exposed += kind.ending }
        if families[exposed] == nil {
            guard families.count < limits.families else { return nil }
            let buckets = description(of: exposed, name)?.buckets ?? (isDuration ? .durations : .amounts)
            families[exposed] = Family(name: name, kind: kind, buckets: buckets)
        }
        return exposed
    }

    func help(of exposed: String, _ family: Family) -> String {
        if let help = description(of: exposed, family.name)?.help, !help.isEmpty { return help }
        // The format's own checker wants a text, and the label in code is what somebody who looks for it has.
        return "The \(family.kind.rawValue) \(family.name.label)."
    }

    private func description(of exposed: String, _ name: MetricName) -> Description? {
        descriptions[exposed] ?? descriptions[name.base]
    }

    // MARK: Series

    /// The series of this name and these labels: the one that is there, or a new one.
    ///
    /// A new one that is one too many, or whose place a callback has, is not kept: it works, and nobody reads it.
    mutating func series<S: Series>(
        _ name: MetricName,
        _ labels: LabelSet,
        isDuration: Bool = false,
        make: (SeriesID, Buckets) -> S
    ) -> S {
        guard let exposed = claim(name, kind: S.kind, isDuration: isDuration) else {
            countDropped(family: "")
            return make(SeriesID(family: name.exposed, labels: labels), .amounts)
        }
        let known = families[exposed]?.series[labels]
        if let known = known as? S { return known }
        let new = make(SeriesID(family: exposed, labels: labels), families[exposed]?.buckets ?? .amounts)
        if known == nil, hasRoom(exposed) {
            families[exposed]?.series[labels] = new
        } else {
            countDropped(family: exposed)
        }
        return new
    }

    /// Puts a series into the place of whatever was there.
    mutating func replace<S: Series>(_ name: MetricName, _ labels: LabelSet, make: (SeriesID) -> S) {
        guard let exposed = claim(name, kind: S.kind, isDuration: false) else { return countDropped(family: "") }
        guard families[exposed]?.series[labels] != nil || hasRoom(exposed) else {
            return countDropped(family: exposed)
        }
        families[exposed]?.series[labels] = make(SeriesID(family: exposed, labels: labels))
    }

    /// Takes out this very series; another one in its place stays.
    mutating func remove(_ series: any Series) {
        guard families[series.id.family]?.series[series.id.labels] === series else { return }
        families[series.id.family]?.series[series.id.labels] = nil
    }

    /// Finds places for what collectors found; a place that is taken stays with whoever was first.
    mutating func place(_ samples: [Sample]) -> [String: [LabelSet: Double]] {
        var placed: [String: [LabelSet: Double]] = [:]
        for sample in samples {
            let name = MetricName(sample.name, kind: sample.familyKind)
            let labels = LabelSet(sample.labels)
            guard let exposed = claim(name, kind: sample.familyKind, isDuration: false) else {
                countDropped(family: "")
                continue
            }
            let isTaken = families[exposed]?.series[labels] != nil || placed[exposed]?[labels] != nil
            if !isTaken, hasRoom(exposed, besides: placed[exposed]?.count ?? 0) {
                placed[exposed, default: [:]][labels] = sample.value
            } else {
                countDropped(family: exposed)
            }
        }
        return placed
    }

    private func hasRoom(_ exposed: String, besides others: Int = 0) -> Bool {
        (families[exposed]?.series.count ?? 0) + others < limits.seriesPerFamily
    }

    // MARK: What had no place

    private static let droppedSeries = MetricName("metrics.dropped.series", kind: .counter)

    /// The family is empty if it was itself one too many.
    private mutating func countDropped(family: String, by amount: Int64 = 1) {
        let labels = LabelSet([("family", family)])
        let exposed = Self.droppedSeries.exposed
        let counter = families[exposed]?.series[labels] as? CounterSeries
        if let counter { return counter.increment(by: amount) }
        let new = CounterSeries(id: SeriesID(family: exposed, labels: labels))
        new.increment(by: amount)
        families[exposed]?.series[labels] = new
    }
}
