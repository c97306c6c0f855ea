import ServiceLifecycle

/// Runs work until it ends, and cancels it when the service is asked to stop.
///
/// For work that may be broken off anywhere: what it has begun in a store is finished by the store.
func untilShutdown(_ work: @escaping @Sendable () async -> Void) async {
    let stop = WakeSignal()
    await withGracefulShutdownHandler {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work() }
            group.addTask { await stop.wait() }
            await group.next()
            group.cancelAll()
        }
    } onGracefulShutdown: {
        stop.ring()
    }
}
