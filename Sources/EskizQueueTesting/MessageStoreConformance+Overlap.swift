import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let overlap: [Check] = [
        Check("with everybody at work at once each message is sent once, and nothing is lost") { bench in
            let total = 600
            let sent = try await withThrowingTaskGroup(of: [MessageID].self) { group in
                for client in 0..<6 {
                    group.addTask {
                        for number in 0..<(total / 6) {
                            let lane = Lane.allCases[number % 3]
                            let url = number % 5 == 0 ? "https://app.example.test" : nil
                            _ = try await bench.accept(
                                bench.new(lane, phone: "99890123\(1000 + client)", webhookURL: url)
                            )
                        }
                        return []
                    }
                }
                for owner in 0..<3 {
                    group.addTask { try await dispatch(bench, as: "owner \(owner)", until: total) }
                }
                group.addTask {
                    while try await bench.delivered() < total {
                        for message in try await bench.store.messages(MessageSearch(states: [.submitted], limit: 50)) {
                            try await bench.record(.delivered, for: message.id)
                        }
                        await Task.yield()
                    }
                    return []
                }
                group.addTask {
                    while try await bench.delivered() < total {
                        _ = try await bench.store.sweep(at: bench.noon, limit: 10)
                        _ = try await bench.store.recover(everythingBut: nil, at: bench.noon)
                        _ = try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(1), limit: 10)
                        await Task.yield()
                    }
                    return []
                }
                return try await group.reduce(into: []) { (all: inout [MessageID], one) in all += one }
            }
            try expect(sent.count, is: total, "sendings")
            try expect(Set(sent).count, is: total, "messages")
            let messages = try await bench.allMessages()
            try expect(messages.count, is: total, "messages")
            try expect(messages.allSatisfy { $0.state == .delivered && $0.attempts == 1 }, "each delivered at once")
            try await bench.expectRecount()
        }
    ]

    /// Sends until so many are on their way: the numbers of those it has sent.
    private static func dispatch(_ bench: StoreBench, as owner: String, until total: Int) async throws -> [MessageID] {
        var sent: [MessageID] = []
        while try await bench.onTheirWay() < total {
            let claims = try await bench.claimResult(limit: 8, owner: owner).claims
            guard !claims.isEmpty else {
                await Task.yield()
                continue
            }
            try await bench.store.beginWriting(claims, at: bench.noon)
            sent += claims.map(\.message.id)
            _ = try await bench.store.settle(
                claims.map {
                    Settlement($0, .submitted(providerID: "u-\($0.message.id)", detail: nil, nextReport: nil))
                },
                at: bench.noon
            )
        }
        return sent
    }
}

extension StoreBench {
    fileprivate func delivered() async throws -> Int { try await store.statistics().count(.delivered) }

    fileprivate func onTheirWay() async throws -> Int {
        let statistics = try await store.statistics()
        return statistics.count(.submitted) + statistics.count(.delivered)
    }
}
