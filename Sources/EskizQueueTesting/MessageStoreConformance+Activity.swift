import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let activity: [Check] = [
        Check("activity is counted by minute and operator, as it happens") { bench in
            let start = Timestamp(milliseconds: bench.noon.milliseconds / 3_600_000 * 3_600_000)
            var long = bench.new(phone: "998901234567")
            long.segments = 3
            let own = try await bench.accept(long, at: start)
            _ = try await bench.accept(
                bench.new(.bulk, phone: "998935555555", expiresAt: start + .seconds(61)),
                at: start
            )
            let foreign = try await bench.accept(bench.new(.otp, phone: "12025550123"), at: start + .seconds(59))
            try await bench.settle(
                bench.claim(of: own, at: start),
                .submitted(providerID: "u-1", detail: nil, nextReport: nil),
                at: start + .seconds(30)
            )
            _ = try await bench.store.recover(everythingBut: "z", at: start + .seconds(59))
            try await bench.settle(
                bench.claim(of: foreign, at: start + .seconds(60)),
                .failed(StoreBench.failure),
                at: start + .seconds(60)
            )
            _ = try await bench.store.recover(everythingBut: "z", at: start + .seconds(60))
            _ = try await bench.store.sweep(at: start + .seconds(61), limit: 9)
            try await bench.record(.undelivered, for: own.id, at: start + .seconds(70))
            try await bench.record(.delivered, for: own.id, at: start + .seconds(125))

            let minutes = try await bench.store.activity(from: start, to: start + .seconds(3_600), step: .seconds(60))
            try expect(minutes.map(\.start), is: [0, 60, 120].map { start + .seconds($0) }, "minutes")
            let (first, second, third) = (minutes[0].operators, minutes[1].operators, minutes[2].operators)
            let (nineties, beeline, abroad) = (
                OperatorPrefix(rawValue: 90), OperatorPrefix(rawValue: 93), OperatorPrefix(rawValue: 0)
            )
            try expect(Set(first.keys), is: [nineties, beeline, abroad], "operators")
            try expect(first[nineties]?.accepted, is: 1, "accepted")
            try expect(first[nineties]?.submitted, is: 1, "submitted")
            try expect(first[nineties]?.segments, is: 3, "segments")
            try expect(first[abroad]?.segments, is: 0, "segments that were not submitted")
            try expect(first[abroad]?.accepted, is: 1, "accepted abroad")
            try expect(second[abroad]?.failed, is: 1, "failed")
            try expect(second[beeline]?.expired, is: 1, "expired")
            try expect(second[nineties]?.undelivered, is: 1, "undelivered")
            try expect(third[nineties]?.delivered, is: 1, "delivered")
            var times = DeliveryTimes()
            times.add(.seconds(95))
            try expect(third[nineties]?.deliveryTimes, is: times, "how long it took")
            try expect(Set(third.keys), is: [nineties], "nothing else happened")

            let hour = try await bench.store.activity(from: start, to: start + .seconds(3_600), step: .seconds(3_600))
            try expect(hour.count, is: 1, "buckets")
            var sum = ActivityCounts()
            for minute in minutes { sum += minute.total }
            try expect(hour[0].total, is: sum, "an hour is the sum of its minutes")
            try expect(sum.accepted, is: 3, "accepted")
            let odd = try await bench.store.activity(from: start, to: start + .seconds(3_600), step: .seconds(3_541))
            try expect(odd, is: hour, "a step is rounded up to minutes")
            let middle = try await bench.store.activity(
                from: start + .seconds(119),
                to: start + .seconds(120),
                step: .seconds(60)
            )
            try expect(middle, is: [minutes[1]], "from the minute of the first moment, up to the last")
        },
        Check("activity is kept for eight days after the newest, and never more comes at once than is said") { bench in
            let day = Duration.seconds(86_400)
            _ = try await bench.accept(at: bench.noon)
            _ = try await bench.accept(at: bench.noon + .seconds(120))
            _ = try await bench.accept(at: bench.noon + ActivityMinute.retention + .seconds(120))
            _ = try await bench.store.prune(finalBefore: bench.noon - day, limit: 9)
            let kept = try await bench.store.activity(from: bench.noon, to: bench.noon + day * 30, step: .seconds(60))
            try expect(kept.map(\.total.accepted), is: [1, 1], "what is kept")
        },
        Check("a page of activity is the newest of it") { bench in
            let count = ActivityBucket.maximumCount + 3
            for minute in 0..<count { _ = try await bench.accept(at: bench.noon + .seconds(minute * 60)) }
            let end = bench.noon + .seconds(count * 60)
            let page = try await bench.store.activity(from: bench.noon, to: end, step: .seconds(60))
            try expect(page.count, is: ActivityBucket.maximumCount, "buckets")
            try expect((page.last?.start).map { $0 + .seconds(120) > end } ?? false, "the newest is the last")
        },
    ]
}
