/// One call below the base address, before it is signed.
package struct EndpointRequest: Sendable {
    package var method: String
    /// Below the base address, for example `message/sms/send`.
    package var path: String
    package var query: [(String, String)]
    package var contentType: String?
    package var accept: String
    package var body: [UInt8]
    /// One of ``Operation``.
    package var operation: String
    /// A failed send has one of three outcomes; a failed read is only a failed read.
    package var isSend: Bool
    /// Runs each time before the request goes on the wire; what it throws keeps it here.
    package var beforeWriting: BeforeWriting?

    package init(
        method: String,
        path: String,
        query: [(String, String)] = [],
        contentType: String? = nil,
        accept: String = "application/json",
        body: [UInt8] = [],
        operation: String,
        isSend: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.body = body
        self.operation = operation
        self.isSend = isSend
    }
}

/// Signs requests, and repeats the ones that met a 401 once there is a new token.
///
/// A request is repeated only after a definite rejection whose whole answer was read, once for a dead token and once for
/// one that is too young to be known everywhere, and twice at most; then the caller gets the server's own answer
/// (token-keeper.md B3, B5, B10). What proves a rejection of a message is for ``ResendTrigger`` to say (B6). Each repetition
/// is built anew: current token, same body.
package struct RequestPipeline: Sendable {
    let keeper: TokenKeeper
    let transport: any HTTPTransport
    let baseURL: BaseURL
    let timeout: Duration
    let clock: any KeeperClock
    let resendTrigger: ResendTrigger
    /// Learns Eskiz's time from each answer.
    let providerClock: ProviderClockWatch?

    package init(
        keeper: TokenKeeper,
        transport: any HTTPTransport,
        baseURL: BaseURL,
        timeout: Duration,
        clock: any KeeperClock,
        resendTrigger: ResendTrigger = .any401,
        providerClock: ProviderClockWatch? = nil
    ) {
        self.keeper = keeper
        self.transport = transport
        self.baseURL = baseURL
        self.timeout = timeout
        self.clock = clock
        self.resendTrigger = resendTrigger
        self.providerClock = providerClock
    }

    package func execute(_ request: EndpointRequest) async throws(EskizError) -> TransportResponse {
        let url = baseURL.appending(request.path, query: request.query)
        if let lease = keeper.freshToken() {
            let response = try await send(request, url, authorization: lease.header)
            guard AuthRejection.isRejection(response) else { return accepted(response, lease) }
            return try await afterRejection(response, request, url, lease.stamp)
        }
        let (token, stamp) = try await keeper.token(deadline: waitDeadline())
        let response = try await send(request, url, authorization: token.header)
        guard AuthRejection.isRejection(response) else { return accepted(response, stamp) }
        return try await afterRejection(response, request, url, stamp)
    }

    /// Its stamp is copied for the first good answer only: copies are counted, and threads would fight over the counter.
    private func accepted(_ response: TransportResponse, _ lease: TokenSnapshot.Lease) -> TransportResponse {
        keeper.isKnownToWork(lease.generation) ? response : accepted(response, lease.stamp)
    }

    /// Only a good answer proves a token: a proxy's own needs none.
    private func accepted(_ response: TransportResponse, _ stamp: RenewalMachine.Stamp) -> TransportResponse {
        if (200..<300).contains(response.status) { keeper.noteAcceptance(of: stamp) }
        return response
    }

    private func afterRejection(
        _ first: TransportResponse,
        _ request: EndpointRequest,
        _ url: String,
        _ firstStamp: RenewalMachine.Stamp
    ) async throws(EskizError) -> TransportResponse {
        var response = first
        var stamp = firstStamp
        // The number of the token that was tried a second time.
        var triedTwice: UInt64?
        var hasRenewed = false
        for repetition in 1...Self.repetitionLimit {
            try requireEskizWords(response, request, stamp)
            let hasTriedTwice = triedTwice == stamp.generation
            if hasRenewed, hasTriedTwice { break }
            // A late 401: others have renewed since, and it costs nothing to use what they got (B1).
            let isLate = !keeper.isHeld(stamp)
            var next = try await keeper.tokenAfterRejection(
                of: stamp,
                deadline: waitDeadline(),
                hasRetriedYoung: hasTriedTwice,
                isLast: hasRenewed || repetition == Self.repetitionLimit
            )
            if next.wasYoung {
                triedTwice = next.stamp.generation
            } else if !isLate {
                if hasRenewed { break }
                hasRenewed = true
            }
            // The last request there may be (B3): it leaves when every server should know the new token.
            if repetition == Self.repetitionLimit, !next.wasYoung {
                next = try await keeper.settled(next, deadline: waitDeadline())
            }
            // Cancelled between the 401 and the repetition: nothing more is sent (H3).
            if Task.isCancelled { throw TokenKeeper.cancelledError }
            stamp = next.stamp
            response = try await send(request, url, authorization: next.token.header)
            guard AuthRejection.isRejection(response) else { return accepted(response, stamp) }
        }
        try requireEskizWords(response, request, stamp)
        keeper.noteRejection(of: stamp)
        return response
    }

    private func requireEskizWords(
        _ response: TransportResponse,
        _ request: EndpointRequest,
        _ stamp: RenewalMachine.Stamp
    ) throws(EskizError) {
        guard request.isSend, resendTrigger == .eskiz401, !AuthRejection.isInEskizWords(response) else { return }
        // Somebody on the way may have said it after Eskiz took the message. The next one meets a new token.
        keeper.noteRejection(of: stamp)
        throw ProviderFailure.unexpectedAnswer(response).outcomeUnknown
    }

    /// Three requests for one message, whatever the ages of the tokens (B3).
    private static let repetitionLimit = 2

    /// How long a caller waits for a renewal: as long as for an answer, and a moment more.
    ///
    /// A login that nobody answers ends when the caller would leave, and only the login can say whether it was the
    /// network, a firewall or Eskiz.
    private func waitDeadline() -> Int64 {
        clock.now().elapsed.addingClamped(timeout.nanoseconds).addingClamped(.nanosecondsPerSecond / 2)
    }

    private func send(
        _ request: EndpointRequest,
        _ url: String,
        authorization: String
    ) async throws(EskizError) -> TransportResponse {
        var headers: [TransportHeader] = []
        headers.reserveCapacity(3)
        headers.append(TransportHeader("Authorization", authorization))
        headers.append(TransportHeader("Accept", request.accept))
        if let type = request.contentType { headers.append(TransportHeader("Content-Type", type)) }
        if let beforeWriting = request.beforeWriting { try await beforeWriting() }
        do {
            let sentAt = providerClock == nil ? nil : clock.now()
            let response = try await transport.execute(
                TransportRequest(
                    method: request.method,
                    url: url,
                    headers: headers,
                    body: request.body,
                    timeout: timeout
                )
            )
            if let providerClock, let sentAt { providerClock.note(response, sentAt: sentAt, receivedAt: clock.now()) }
            return response
        } catch {
            if request.isSend { _ = try SendOutcome<Void>(error, timeout: timeout).get() }
            throw ProviderFailure.of(error, timeout: timeout)
        }
    }
}
