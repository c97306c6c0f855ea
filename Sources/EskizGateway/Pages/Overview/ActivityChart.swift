import EskizPages
import EskizQueue
import EskizWords

/// What happened, as columns and lines of an SVG, and as a table for those who cannot see it.
///
/// Pure. Positions are presentation attributes, so that the page's policy needs no exception for styles. The drawing is
/// stretched to its place, so nothing in it is text: labels stand beside it.
struct ActivityChart {
    /// One column of a chart.
    struct Column: Sendable, Hashable {
        var start: Timestamp
        var counts: ActivityCounts
    }

    let range: ChartRange
    let columns: [Column]
    let language: Language

    /// Width of a column and height of the drawing, in its own units.
    private static let (width, height) = (10, 100)

    init(range: ChartRange, buckets: [ActivityBucket], now: Timestamp, language: Language) {
        self.range = range
        self.language = language
        let totals = Dictionary(buckets.map { ($0.start, $0.total) }) { first, _ in first }
        columns = range.starts(at: now).map { Column(start: $0, counts: totals[$0] ?? ActivityCounts()) }
    }

    /// The four things that are drawn, in the order of the legend.
    enum Series: String, CaseIterable {
        case accepted, submitted, delivered, failed

        func value(_ counts: ActivityCounts) -> Int {
            switch self {
            case .accepted: counts.accepted
            case .submitted: counts.submitted
            case .delivered: counts.delivered
            case .failed: counts.failed + counts.undelivered + counts.expired
            }
        }

        var phrase: OverviewPhrase {
            switch self {
            case .accepted: .accepted
            case .submitted: .submitted
            case .delivered: .delivered
            case .failed: .notDelivered
            }
        }
    }

    var total: ActivityCounts { columns.reduce(into: ActivityCounts()) { $0 += $1.counts } }
    var isEmpty: Bool { total.isEmpty }

    /// The value of the upper edge: a round number not below anything that is drawn.
    var top: Int {
        let highest = columns.flatMap { column in Series.allCases.map { $0.value(column.counts) } }.max() ?? 0
        var unit = 1
        while true {
            for factor in [1, 2, 5] where factor * unit >= max(highest, 2) { return factor * unit }
            unit *= 10
        }
    }

    func context(_ visit: PageVisit) -> PageContext {
        let top = top
        let total = total
        return PageContext(filling: [
            "viewBox": "0 0 \(columns.count * Self.width) \(Self.height)",
            "isEmptyChart": isEmpty,
            "summary": visit.say(
                .chartSummary,
                Dictionary(
                    uniqueKeysWithValues: Series.allCases.map { ($0.rawValue, language.grouped($0.value(total))) }
                )
            ),
            "top": language.grouped(top), "middle": top % 2 == 0 ? language.grouped(top / 2) : "",
            "columns": columns.indices.map { column($0, top: top, visit) },
            "submittedLine": line(.submitted, top: top),
            "deliveredLine": line(.delivered, top: top),
            "labels": labels.map { ["label": $0] },
            "legend": Series.allCases.map { series in
                PageContext(filling: [
                    "series": series.rawValue, "name": visit.say(series.phrase),
                    "value": language.grouped(series.value(total)),
                ])
            },
            "rows": columns.reversed().filter { !$0.counts.isEmpty }.map { column in
                PageContext(filling: [
                    "time": name(of: column),
                    "cells": Series.allCases.map { ["value": language.grouped($0.value(column.counts))] },
                ])
            },
        ])
    }

    private func column(_ index: Int, top: Int, _ visit: PageVisit) -> PageContext {
        let counts = columns[index].counts
        let (accepted, failed) = (y(.accepted, counts, top: top), y(.failed, counts, top: top))
        let words = Series.allCases.map { "\(visit.say($0.phrase)) \(language.grouped($0.value(counts)))" }
        return PageContext(filling: [
            "x": String(index * Self.width), "barX": String(index * Self.width + 1),
            "acceptedY": accepted, "acceptedHeight": Self.tenths(Self.height * 10 - Self.tenths(accepted)),
            "failedY": failed, "failedHeight": Self.tenths(Self.height * 10 - Self.tenths(failed)),
            "hasFailed": Series.failed.value(counts) > 0,
            "tip": counts.isEmpty ? nil : "\(name(of: columns[index])): \(words.joined(separator: ", "))",
        ])
    }

    private func line(_ series: Series, top: Int) -> String {
        columns.indices.map { index in
            "\(index * Self.width + Self.width / 2),\(y(series, columns[index].counts, top: top))"
        }.joined(separator: " ")
    }

    /// From above, with one decimal.
    private func y(_ series: Series, _ counts: ActivityCounts, top: Int) -> String {
        Self.tenths(Self.height * 10 - series.value(counts) * Self.height * 10 / max(top, 1))
    }

    private static func tenths(_ value: Int) -> String { "\(value / 10).\(value % 10)" }

    private static func tenths(_ text: String) -> Int { Int(text.filter { $0 != "." }) ?? 0 }

    private func name(of column: Column) -> String {
        range == .hour ? column.start.clock : column.start.dayAndClock
    }

    /// Five along the lower edge.
    private var labels: [String] {
        guard let first = columns.first, columns.count > 4 else { return [] }
        let quarter = columns.count / 4
        let marks = [first] + (1...3).map { columns[$0 * quarter] } + [columns[columns.count - 1]]
        return marks.map { range == .week ? String($0.start.day.dropFirst(5)) : $0.start.clock }
    }
}
