import EskizText

// For the gateway, which keeps a ledger of its own: sending with a say in the last moment, and Eskiz's own answer.

/// A message as the gateway hands it over: checked and numbered already.
package struct OutgoingMessage: Sendable {
    /// Digits with country code.
    package var phone: String
    package var text: String
    package var sender: String
    package var callbackURL: String?
    /// Our number: 1 to 12 digits.
    package var userSMSID: String

    /// True for a number of another country, which has another endpoint.
    var isAbroad: Bool { !phone.hasPrefix("998") }

    package init(phone: String, text: String, sender: String, callbackURL: String? = nil, userSMSID: String) {
        self.phone = phone
        self.text = text
        self.sender = sender
        self.callbackURL = callbackURL
        self.userSMSID = userSMSID
    }
}

/// What became of a submission, and what Eskiz answered, word for word; nil where there was no answer.
package struct Submission<Receipt: Sendable>: Sendable {
    package var outcome: SendOutcome<Receipt>
    package var answer: TransportResponse?

    package init(outcome: SendOutcome<Receipt>, answer: TransportResponse? = nil) {
        self.outcome = outcome
        self.answer = answer
    }
}

/// Runs before each time that a request goes on the wire, once there is a token for it.
///
/// What it throws ends the request before anything has left.
package typealias BeforeWriting = @Sendable () async throws(EskizError) -> Void

extension EskizClient {
    /// Sends one message.
    ///
    /// `beforeWriting` is called when the token is at hand and the first byte is about to leave, and again before the
    /// repetition that follows a 401.
    package func submit(
        _ message: OutgoingMessage,
        beforeWriting: @escaping BeforeWriting
    ) async -> Submission<SentMessage> {
        if message.isAbroad { return await submitAbroad(message, beforeWriting: beforeWriting) }
        var request = SendRequest(
            phone: message.phone,
            text: message.text,
            sender: message.sender,
            callbackURL: message.callbackURL,
            userSMSID: message.userSMSID
        ).endpoint
        request.beforeWriting = beforeWriting
        return await submit(.send, request) { SentMessage.receipt($0) }
    }

    /// Sends one message abroad, where Eskiz takes neither a sender nor a number of ours (eskiz-api.md §4.3).
    private func submitAbroad(
        _ message: OutgoingMessage,
        beforeWriting: @escaping BeforeWriting
    ) async -> Submission<SentMessage> {
        guard let country = (try? PhoneNumber(internationalDigits: message.phone))?.region else {
            let error = EskizError(
                .invalidPhone,
                "The number belongs to no country.",
                remedy: "Look at the number again.",
                mayRepeat: true
            )
            return Submission(outcome: .notTaken(error))
        }
        var request = SendGlobalRequest(
            phone: message.phone,
            text: message.text,
            countryCode: country,
            callbackURL: message.callbackURL,
            isUnicode: MessageEncoding(for: message.text) == .ucs2
        ).endpoint
        request.beforeWriting = beforeWriting
        // Its answer is not documented and may be empty: then Eskiz's list says what became of the message.
        return await submit(.sendGlobal, request) { SentMessage.receipt($0) }
    }

    /// Sends 1 to 200 messages of one sender with one call; the first one's callback URL counts.
    package func submit(
        batch messages: [OutgoingMessage],
        dispatchID: Int64?,
        beforeWriting: @escaping BeforeWriting
    ) async -> Submission<SentBatch> {
        let batch = SendBatchRequest(
            messages: messages.map { message in
                .init(to: Int64(message.phone) ?? 0, text: message.text, userSMSID: message.userSMSID)
            },
            from: messages.first?.sender ?? configuration.sender,
            dispatchID: dispatchID,
            callbackURL: messages.first?.callbackURL
        )
        do {
            var request = try batch.endpoint()
            request.beforeWriting = beforeWriting
            return await submit(.sendBatch, request) { SentBatch.receipt($0, dispatchID: dispatchID ?? 0) }
        } catch {
            return Submission(outcome: .notTaken(error))
        }
    }

    /// Passes a request of somebody else's on to Eskiz, signed with our token, and its answer back as it came.
    ///
    /// - Throws: ``EskizError`` only where there was no answer.
    package func forward(_ request: EndpointRequest) async throws(EskizError) -> TransportResponse {
        try await observer.observe(.forward) { () async throws(EskizError) -> TransportResponse in
            try await pipeline.execute(request)
        }
    }

    private func submit<Receipt: Sendable>(
        _ operation: Operation,
        _ request: EndpointRequest,
        receipt: @escaping @Sendable (TransportResponse) -> Receipt?
    ) async -> Submission<Receipt> {
        var answer: TransportResponse?
        do {
            let taken = try await observer.observe(operation) { () async throws(EskizError) -> Receipt in
                let response = try await pipeline.execute(request)
                answer = response
                return try SendOutcome(response, receipt: receipt).get()
            }
            return Submission(outcome: .taken(taken), answer: answer)
        } catch {
            return Submission(outcome: error.isOutcomeUnknown ? .unknown(error) : .notTaken(error), answer: answer)
        }
    }
}
