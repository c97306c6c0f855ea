import EskizTestSupport

extension SeededGenerator {
    /// Up to a dozen of the pieces, in any order.
    mutating func text(of pieces: [String]) -> String {
        (0..<Int.random(in: 0...12, using: &self)).map { _ in
            pieces.randomElement(using: &self) ?? ""
        }.joined()
    }
}

/// Lets nobody through until all have come.
actor Gate {
    private var missing: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(for count: Int) {
        missing = count
    }

    func pass() async {
        missing -= 1
        guard missing > 0 else {
            for waiter in waiters { waiter.resume() }
            waiters = []
            return
        }
        await withCheckedContinuation { waiters.append($0) }
    }
}
