package import Metrics
import Synchronization

/// Keeps what is measured, and tells it to Prometheus.
///
/// ```swift
/// let registry = PrometheusRegistry()
/// registry.describe("eskiz.requests", "Calls to the provider, by operation and outcome.")
/// registry.gauge("queue.depth", "Messages that wait.") { Double(queue.count) }
/// MetricsSystem.bootstrap(registry)
/// // at GET /metrics, as TextFormat.contentType:
/// let text = await registry.text()
/// ```
///
/// | swift-metrics | Prometheus | name |
/// |---|---|---|
/// | `Counter`, `FloatingPointCounter` | counter | ends in `_total` |
/// | `Timer` | histogram, in seconds | ends in `_seconds` |
/// | `Recorder` | histogram | |
/// | `Gauge`, `Meter`, `Recorder` that does not aggregate | gauge | |
///
/// ``MetricName`` and ``LabelSet`` say how names are put into the grammar of the format. Where two kinds want the same
/// name, the second is kept apart by one more ending: a gauge is exposed as `…_value`, a histogram as
/// `…_distribution`. Counters need none, because nothing but a counter ends in `_total`.
///
/// To measure is to add to an atomic number. Making an instrument looks it up under a short lock: make it once and
/// keep it. The same name and labels give the same instrument, so destroying it takes it out for all who hold it.
///
/// Series beyond ``Limits`` work and are not exposed; `metrics_dropped_series_total` counts how often that was so.
package final class PrometheusRegistry: Sendable {
    /// How much is kept, so that a label made of user data cannot fill the memory.
    package struct Limits: Sendable, Hashable {
        /// Label sets of one name.
        package var seriesPerFamily: Int
        /// Names.
        package var families: Int

        package init(seriesPerFamily: Int = 1000, families: Int = 1000) {
            self.seriesPerFamily = seriesPerFamily
            self.families = families
        }
    }

    /// Reports numbers when it is asked.
    package typealias Collector = @Sendable () async -> [Sample]

    private let table: Mutex<FamilyTable>
    private let collectors = Mutex<[Collector]>([])

    package init(limits: Limits = Limits()) {
        table = Mutex(FamilyTable(limits: limits))
    }

    /// Says what a metric is about.
    ///
    /// - Parameters:
    ///   - name: as in code or as exposed
    ///   - help: a sentence for the operator
    ///   - buckets: for a histogram; tell it before the first instrument of the name is made. Without it a timer
    ///     counts by ``Buckets/durations`` and a recorder by ``Buckets/amounts``.
    package func describe(_ name: String, _ help: String, buckets: Buckets? = nil) {
        table.withLock { $0.describe(name, FamilyTable.Description(help: help, buckets: buckets)) }
    }

    /// A gauge that is read at every scrape.
    ///
    /// Replaces an earlier one of the same name and labels.
    ///
    /// - Parameters:
    ///   - name: as in code
    ///   - help: a sentence for the operator
    ///   - labels: names and values, from closed sets
    ///   - read: quick and without blocking; nothing if there is nothing to say
    package func gauge(
        _ name: String,
        _ help: String,
        labels: [(String, String)] = [],
        _ read: @escaping @Sendable () -> Double?
    ) {
        let labels = LabelSet(labels)
        describe(name, help)
        table.withLock {
            $0.replace(MetricName(name, kind: .gauge), labels) { CallbackGauge(id: $0, read: read) }
        }
    }

    /// Asks for samples at every scrape, for what takes waiting to find out.
    ///
    /// Collectors run beside each other, and the scrape waits for all of them: each bounds its own time, and returns
    /// nothing when it fails. A sample whose name and labels are taken is dropped. Tell what its names mean with
    /// ``describe(_:_:buckets:)``.
    package func collect(_ collector: @escaping Collector) {
        collectors.withLock { $0.append(collector) }
    }

    /// Everything, as it is now.
    package func families() async -> [MetricFamily] {
        let samples = await collected()
        // Values are read outside the lock: a callback may do as it likes, and make an instrument too.
        let (table, placed) = table.withLock { table in
            let placed = table.place(samples)
            return (table, placed)
        }
        return table.families.map { exposed, family in
            var members = family.series.compactMap { labels, series in
                series.value.map { MetricFamily.Member(labels: labels, value: $0) }
            }
            for (labels, value) in placed[exposed] ?? [:] {
                members.append(MetricFamily.Member(labels: labels, value: .number(value)))
            }
            return MetricFamily(
                name: exposed,
                kind: family.kind,
                help: table.help(of: exposed, family),
                members: members
            )
        }
    }

    /// The answer to a scrape, of the type ``TextFormat/contentType``.
    package func text() async -> String {
        TextFormat.text(of: await families())
    }

    /// Samples in the order of their collectors, so that it is always the same one that finds its place taken.
    private func collected() async -> [Sample] {
        let collectors = collectors.withLock { $0 }
        return await withTaskGroup(of: (Int, [Sample]).self) { group in
            for (index, collector) in collectors.enumerated() {
                group.addTask { (index, await collector()) }
            }
            var found = Array(repeating: [Sample](), count: collectors.count)
            for await (index, samples) in group { found[index] = samples }
            return found.flatMap { $0 }
        }
    }
}

extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, isDuration: false) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, isDuration: true)
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    // Names and labels are put in order before the lock is taken.

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let name = MetricName(label, kind: .counter)
        let labels = LabelSet(dimensions)
        return table.withLock { $0.series(name, labels) { id, _ in CounterSeries(id: id) } }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        let name = MetricName(label, kind: .gauge)
        let labels = LabelSet(dimensions)
        return table.withLock { $0.series(name, labels) { id, _ in GaugeSeries(id: id) } }
    }

    private func histogram(
        _ label: String,
        _ dimensions: [(String, String)],
        isDuration: Bool
    ) -> HistogramSeries {
        let name = MetricName(label, kind: .histogram, isDuration: isDuration)
        let labels = LabelSet(dimensions)
        return table.withLock {
            $0.series(name, labels, isDuration: isDuration) { HistogramSeries(id: $0, buckets: $1) }
        }
    }

    /// Handlers of other factories are none of ours.
    private func remove(_ handler: AnyObject) {
        guard let series = handler as? any Series else { return }
        table.withLock { $0.remove(series) }
    }
}
