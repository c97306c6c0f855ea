import ServiceLifecycle

/// Makes things happen by themselves: statuses, reports, moderation.
struct Clockwork: Service {
    let responder: ProviderResponder

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Many messages sent together become due together: one wake for all of them.
                let pause = responder.tick().map { max($0, .milliseconds(2)) }
                await responder.alarm.wait(upTo: pause)
            }
        }
    }
}
