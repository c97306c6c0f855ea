import Eskiz
import EskizQueue

extension WorldPlan {
    /// The world of that seed, but with one installation, where two or three gateways share a database.
    ///
    /// Their clocks are hours apart, they die one by one, and the way of each to the database fails on its own: calls that are not
    /// carried out, calls that are and say that they are not, and calls that take long. The database itself crashes, and forgets
    /// what it had told but not flushed.
    init(fleetFrom seed: UInt64) {
        self.init(drawnFrom: seed)
        var mixer = SplitMix64(seed: seed &+ 0xF1EE7)
        var random = SplitMix64(seed: mixer.next())
        installations = Array(installations.prefix(1))
        installations[0].isOnDisk = false
        installations[0].lease = .seconds(6)
        for _ in 0..<random.between(1, 2) {
            var companion = Companion()
            companion.clockOffset = .seconds(random.one(of: [-7_200, -600, 0, 90, 7_200]))
            if random.isOne(in: 2) {
                for _ in 0..<random.between(1, 3) {
                    companion.endings.append(
                        Ending(
                            moment: random.between(100, calm),
                            pause: random.between(10, 8_000),
                            isGraceful: random.isOne(in: 3)
                        )
                    )
                }
                companion.endings.sort { $0.moment < $1.moment }
            }
            if random.isOne(in: 2) {
                let start = random.between(0, calm)
                companion.disk = [
                    Disk.Fault(
                        range: start..<min(calm, start + random.between(500, 30_000)),
                        kind: random.one(of: [.failing, .failingAfterwards, .slow(random.between(50, 8_000))]),
                        oneIn: random.one(of: [1, 2, 5])
                    )
                ]
            }
            installations[0].companions.append(companion)
        }
        if random.isOne(in: 2) {
            installations[0].crashes = (0..<random.between(1, 6)).map { _ in random.between(0, calm) }.sorted()
        }
    }
}
