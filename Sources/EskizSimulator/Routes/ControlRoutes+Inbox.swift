extension ControlRoutes {
    func messages(_ query: Fields) -> Answer {
        let limit = min(max(query.integer("limit") ?? 100, 0), 100_000)
        let phone = Inbox.digits(of: query.text("to"))
        let found = responder.withProvider { provider, _ in provider.messages.newestFirst(to: phone, limit: limit) }
        return .json(.array(found.map(\.inboxDocument)))
    }

    /// Empties the inbox; tokens, switches and the ledger stay.
    func clearMessages() -> Answer {
        let count = responder.withProvider { provider, _ in
            let count = provider.messages.count
            provider.messages.removeAll()
            return count
        }
        return .json(["deleted": .int(count)])
    }

    /// Waits for the next message, at most a minute, and stops when the client goes.
    @concurrent
    func nextMessage(_ connection: consuming Connection, query: Fields) async throws {
        let wait: Duration
        let after: Inbox.After?
        do throws(Problem) {
            wait = try patience(query.nonEmpty("wait"))
            after = try place(query.nonEmpty("after"))
        } catch {
            return try await connection.write(error.answer, date: responder.httpDate)
        }
        let phone = Inbox.digits(of: query.text("to"))
        if let message = next(to: phone, after: after) {
            return try await connection.write(.json(message.inboxDocument), date: responder.httpDate)
        }
        let absent = Problem(status: 404, code: "no_message", detail: "No message came in time.").answer
        guard wait > .zero else { return try await connection.write(absent, date: responder.httpDate) }
        let answer = await connection.whileConnected { await self.await(phone, after: after, patience: wait) }
        try await connection.write(answer ?? absent, date: responder.httpDate)
    }

    private func next(to phone: String?, after: Inbox.After?) -> Message? {
        responder.withProvider { provider, _ in provider.nextMessage(to: phone, after: after) }
    }

    private func await(_ phone: String?, after: Inbox.After?, patience: Duration) async -> Answer? {
        let (id, alarm) = responder.bell.register()
        defer { responder.bell.unregister(id) }
        let deadline = ContinuousClock.now + patience
        while !Task.isCancelled {
            if let message = next(to: phone, after: after) { return .json(message.inboxDocument) }
            let remaining = deadline - ContinuousClock.now
            guard remaining > .zero else { return nil }
            await alarm.wait(upTo: remaining)
        }
        return nil
    }

    private func patience(_ text: String?) throws(Problem) -> Duration {
        guard let text else { return .zero }
        guard let wait = Duration(spelling: text), wait >= .zero else {
            throw Problem(status: 400, code: "bad_setting", detail: "wait: a duration such as 10s or 500ms.")
        }
        return min(wait, .seconds(60))
    }

    private func place(_ text: String?) throws(Problem) -> Inbox.After? {
        guard let text else { return nil }
        // In an address, an offset's plus sign that was not escaped has become a space.
        if let time = WallTime(rfc3339: text) ?? WallTime(rfc3339: text.replacing(" ", with: "+")) {
            return .time(time)
        }
        if let number = Int(text) { return .message(number) }
        let found = responder.withProvider { provider, _ in provider.messages.ofRequest(text.lowercased()).last }
        guard let found else {
            throw Problem(
                status: 400,
                code: "unknown_message",
                detail: "after: the id of a message of the inbox, or an RFC 3339 time."
            )
        }
        return .message(found.id)
    }
}

extension Provider {
    mutating func nextMessage(to phone: String?, after: Inbox.After?) -> Message? {
        inbox.next(in: messages, to: phone, after: after)
    }
}
