extension ControlRoutes {
    /// The shortest pause between two events, so that a storm of calls does not become a storm of page loads.
    private static let pause = Duration.milliseconds(120)
    /// Something is written this often at least, so that a dead connection is noticed.
    private static let heartbeat = Duration.seconds(15)

    /// Tells whoever listens that something has changed: `GET /_simulator/events`.
    ///
    /// The first event comes at once, so that a listener who comes back knows where things stand.
    @concurrent
    func events(_ connection: consuming Connection) async throws {
        let responder = responder
        try await connection.writeEvents(date: responder.httpDate) { continuation in
            let (id, alarm) = responder.changes.register()
            defer { responder.changes.unregister(id) }
            continuation.yield("retry: 1000\n\n")
            var told: Int?
            while !Task.isCancelled {
                let (revision, frame) = responder.withProvider { provider, _ in
                    (provider.revision, provider.changeEvent)
                }
                continuation.yield(revision == told ? ": still here\n\n" : frame)
                told = revision
                try? await Task.sleep(for: Self.pause)
                await alarm.wait(upTo: Self.heartbeat)
            }
        }
    }
}

extension Provider {
    /// One server-sent event: where things stand, in numbers only.
    var changeEvent: String {
        let document: JSON = [
            "revision": .int(revision), "messages": .int(messages.count), "calls": .int(ledger.nextNumber - 1),
        ]
        return "event: change\ndata: \(String(decoding: document.bytes, as: UTF8.self))\n\n"
    }
}
