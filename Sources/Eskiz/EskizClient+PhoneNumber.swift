public import EskizText

// The same calls to a number that has been read already.

extension EskizClient {
    /// Sends one message to a number that has been read already; otherwise as with a number in text.
    ///
    /// ```swift
    /// let phone = try PhoneNumber("90 123 45 67")
    /// try await eskiz.send("Kodingiz: 123456", to: phone)
    /// ```
    ///
    /// - Parameters:
    ///   - text: up to ``EskizConfiguration/maximumSegments`` segments; must match an approved template.
    ///   - phone: the number.
    ///   - from: the sender ID; the configuration's unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    ///   - userSMSID: your own number, 1 to 12 digits, which comes back in callbacks and lists.
    /// - Returns: what Eskiz calls it.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func send(
        _ text: String,
        to phone: PhoneNumber,
        from: String? = nil,
        callbackURL: ReportDestination = .configured,
        userSMSID: String? = nil
    ) async throws(EskizError) -> SentMessage {
        try await send(text, to: phone.e164, from: from, callbackURL: callbackURL, userSMSID: userSMSID)
    }

    /// Sends a verification code to a number that has been read already, and says whether Eskiz took it.
    ///
    /// - Parameters:
    ///   - code: the code, 1 to 32 characters.
    ///   - phone: the number.
    /// - Returns: true if Eskiz took it. False does not always mean that it was not sent: the log says when that is unknown.
    public func sendCode(_ code: String, to phone: PhoneNumber) async -> Bool {
        await sendCode(code, to: phone.e164)
    }

    /// Sends a verification code to a number that has been read already.
    ///
    /// - Parameters:
    ///   - code: the code, 1 to 32 characters; it is never logged.
    ///   - phone: the number.
    ///   - from: the sender ID; the configuration's unless given.
    ///   - callbackURL: where Eskiz posts delivery reports; the configuration's unless given.
    ///   - userSMSID: your own number, 1 to 12 digits.
    /// - Returns: what Eskiz calls it.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func sendVerificationCode(
        _ code: String,
        to phone: PhoneNumber,
        from: String? = nil,
        callbackURL: ReportDestination = .configured,
        userSMSID: String? = nil
    ) async throws(EskizError) -> SentMessage {
        try await sendVerificationCode(
            code,
            to: phone.e164,
            from: from,
            callbackURL: callbackURL,
            userSMSID: userSMSID
        )
    }
}

extension BatchMessage {
    /// A message to a number that has been read already.
    public init(to phone: PhoneNumber, text: String, userSMSID: String? = nil) {
        self.init(to: phone.e164, text: text, userSMSID: userSMSID)
    }
}
