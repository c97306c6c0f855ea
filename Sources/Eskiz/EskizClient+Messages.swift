import EskizText
import Logging

extension EskizClient {
    /// Sends one message.
    ///
    /// ```swift
    /// let sent = try await eskiz.send("Kodingiz: 123456", to: "+998901234567")
    /// print(sent.id, sent.status)          // 5b1f0c6e-…, waiting
    /// ```
    ///
    /// That it was taken does not mean that it was delivered: see ``waitUntilFinal(_:timeout:)``. If the error says
    /// ``EskizError/isOutcomeUnknown``, the message may be on its way: look it up before you send it again.
    ///
    /// - Parameters:
    ///   - text: up to ``EskizConfiguration/maximumSegments`` segments; must match an approved template (eskiz-api.md §8.2).
    ///   - phone: in any spelling: `+998 90 123-45-67`, `998901234567`, `901234567`.
    ///   - from: the sender ID; the configuration's unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    ///   - userSMSID: your own number, 1 to 12 digits, which comes back in callbacks and lists.
    /// - Returns: what Eskiz calls it.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func send(
        _ text: String,
        to phone: String,
        from: String? = nil,
        callbackURL: ReportDestination = .configured,
        userSMSID: String? = nil
    ) async throws(EskizError) -> SentMessage {
        let recipient = try Recipient(phone)
        let request = SendRequest(
            phone: recipient.digits,
            text: try MessageInput.text(text, configuration.textRules),
            sender: try MessageInput.sender(from ?? configuration.sender),
            callbackURL: try callbackURL.checked(configuration),
            userSMSID: try MessageInput.userSMSID(userSMSID)
        )
        return try await handOver(.send, request.endpoint, recipient, userSMSID, receipt: SentMessage.receipt)
    }

    /// Sends a verification code with the configured text (`ESKIZ_CODE_TEMPLATE`), and says whether Eskiz took it.
    ///
    /// For those who only want to know; the reason of a failure is logged.
    /// ``sendVerificationCode(_:to:from:callbackURL:userSMSID:)-(_,String,_,_,_)`` throws it.
    ///
    /// - Parameters:
    ///   - code: the code, 1 to 32 characters.
    ///   - phone: in any spelling.
    /// - Returns: true if Eskiz took it. False does not always mean that it was not sent: the log says when that is unknown.
    public func sendCode(_ code: String, to phone: String) async -> Bool {
        do {
            try await sendVerificationCode(code, to: phone)
            return true
        } catch {
            // What failed at Eskiz is in the log already; what failed before that is not.
            if Self.inputCodes.contains(error.code), error.httpStatus == nil {
                observer.logger.error("The code was not sent", metadata: CallObserver.metadata(of: error))
            }
            return false
        }
    }

    /// Sends a verification code with the configured text (`ESKIZ_CODE_TEMPLATE`).
    ///
    /// - Parameters:
    ///   - code: the code, 1 to 32 characters; it is never logged.
    ///   - phone: in any spelling.
    ///   - from: the sender ID; the configuration's unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    ///   - userSMSID: your own number, 1 to 12 digits.
    /// - Returns: what Eskiz calls it.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func sendVerificationCode(
        _ code: String,
        to phone: String,
        from: String? = nil,
        callbackURL: ReportDestination = .configured,
        userSMSID: String? = nil
    ) async throws(EskizError) -> SentMessage {
        let text = configuration.codeTemplate.replacing("{code}", with: try MessageInput.code(code))
        return try await send(text, to: phone, from: from, callbackURL: callbackURL, userSMSID: userSMSID)
    }

    /// Sends up to 200 messages with one call.
    ///
    /// More are refused: if they were split, a failure in the middle would leave nobody knowing which were sent. All
    /// messages of a batch share one id at Eskiz, so give each a ``BatchMessage/userSMSID``.
    ///
    /// - Parameters:
    ///   - messages: 1 to 200 messages.
    ///   - from: the sender ID; the configuration's unless given.
    ///   - dispatchID: your number of the mailing, for ``dispatchStatus(_:userID:)``; drawn at random unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    /// - Returns: what Eskiz calls the batch.
    /// - Throws: ``EskizError``; nothing was sent if one message cannot be right.
    @discardableResult
    public func sendBatch(
        _ messages: [BatchMessage],
        from: String? = nil,
        dispatchID: Int64? = nil,
        callbackURL: ReportDestination = .configured
    ) async throws(EskizError) -> SentBatch {
        guard (1...SendBatchRequest.limit).contains(messages.count) else {
            throw .badArgument(
                "A batch holds 1 to \(SendBatchRequest.limit) messages, not \(messages.count).",
                remedy: "Send \(SendBatchRequest.limit) at a time."
            )
        }
        var wireMessages: [SendBatchRequest.Message] = []
        wireMessages.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() {
            wireMessages.append(try wire(message, at: index))
        }
        // Below 2^31, whatever the column at Eskiz is.
        let dispatchID = dispatchID ?? Int64(random() % 2_000_000_000) + 1
        let request = SendBatchRequest(
            messages: wireMessages,
            from: try MessageInput.sender(from ?? configuration.sender),
            dispatchID: dispatchID,
            callbackURL: try callbackURL.checked(configuration)
        )
        let endpoint = try request.endpoint()
        return try await observer.observe(
            .sendBatch,
            metadata: [LogKeys.messageCount: "\(messages.count)"],
            describe: { [LogKeys.messageID: "\($0.id)"] }
        ) { () async throws(EskizError) -> SentBatch in
            let response = try await pipeline.execute(endpoint)
            return try SendOutcome(response) { SentBatch.receipt($0, dispatchID: dispatchID) }.get()
        }
    }

    /// Sends one message abroad.
    ///
    /// Traffic to each country is opened per account (eskiz-api.md §4.3).
    ///
    /// - Parameters:
    ///   - text: up to ``EskizConfiguration/maximumSegments`` segments.
    ///   - phone: country code and number.
    ///   - countryCode: two letters, for example `US`; found out from the number unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    ///   - unicode: whether the text needs UCS-2; found out from the text unless given.
    /// - Returns: what Eskiz calls it, or nil: its answer here is not documented and may be empty.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func sendGlobal(
        _ text: String,
        to phone: String,
        countryCode: String? = nil,
        callbackURL: ReportDestination = .configured,
        unicode: Bool? = nil
    ) async throws(EskizError) -> SentMessage? {
        let recipient = try Recipient(abroad: phone)
        let request = SendGlobalRequest(
            phone: recipient.digits,
            text: try MessageInput.text(text, configuration.textRules),
            countryCode: try MessageInput.countryCode(countryCode, of: recipient),
            callbackURL: try callbackURL.checked(configuration),
            isUnicode: unicode ?? (MessageEncoding(for: text) == .ucs2)
        )
        return try await handOver(.sendGlobal, request.endpoint, recipient, nil) { response -> SentMessage?? in
            if let receipt = SentMessage.receipt(response) { return .some(receipt) }
            return response.body.isEmpty ? .some(nil) : nil
        }
    }

    /// One send: the answer is judged by ``SendOutcome``.
    private func handOver<Receipt: Sendable>(
        _ operation: Operation,
        _ request: EndpointRequest,
        _ recipient: Recipient,
        _ userSMSID: String?,
        receipt: (TransportResponse) -> Receipt?
    ) async throws(EskizError) -> Receipt {
        try await observer.observe(
            operation,
            metadata: Self.metadata(recipient, userSMSID),
            describe: { receipt in
                guard let sent = receipt as? SentMessage else { return [:] }
                return [LogKeys.messageID: "\(sent.id)"]
            }
        ) { () async throws(EskizError) -> Receipt in
            try SendOutcome(try await pipeline.execute(request), receipt: receipt).get()
        }
    }

    private static func metadata(_ recipient: Recipient, _ userSMSID: String?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [LogKeys.phone: "\(recipient.masked)"]
        if let userSMSID { metadata[LogKeys.userSMSID] = "\(userSMSID)" }
        return metadata
    }

    private func wire(_ message: BatchMessage, at index: Int) throws(EskizError) -> SendBatchRequest.Message {
        do {
            let recipient = try Recipient(message.phone)
            guard let number = Int64(recipient.digits) else { throw EskizError.notANumber }
            return SendBatchRequest.Message(
                to: number,
                text: try MessageInput.text(message.text, configuration.textRules),
                userSMSID: try MessageInput.userSMSID(message.userSMSID)
            )
        } catch let error as EskizError {
            throw EskizError(error.code, "Message \(index + 1) of the batch: \(error.what)", remedy: error.advice)
        } catch {
            throw .notANumber
        }
    }

    /// What the caller got wrong, before anything left this machine.
    private static let inputCodes: Set<EskizError.Code> = [
        .invalidPhone, .invalidText, .invalidUserSMSID, .invalidArgument,
    ]
}

extension EskizError {
    fileprivate static var notANumber: EskizError {
        EskizError(.invalidPhone, "That is not a phone number.", remedy: "Write it like +998 90 123 45 67.")
    }
}
