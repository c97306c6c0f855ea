/// Keeps a number of calls under way until enough have been made.
enum Load {
    static func run(_ count: Int, concurrency: Int, _ call: @escaping @Sendable () async throws -> Void) async throws {
        // Each worker has its share, as in an application with that many requests at a time; none waits for another.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<concurrency {
                let share = count / concurrency + (worker < count % concurrency ? 1 : 0)
                group.addTask {
                    for _ in 0..<share { try await call() }
                }
            }
            try await group.waitForAll()
        }
    }
}
