import EskizHTTP
import EskizQueue
import EskizVerify
import HTTPTypes
import Hummingbird

/// One-time codes: made, sent and checked.
///
/// No answer ever holds a code.
struct VerificationRoutes: Sendable {
    /// Nil where the store keeps no verifications.
    let verifier: Verifier?
    let intake: MessageIntake

    func add(reads: RouterGroup<GatewayContext>, writes: RouterGroup<GatewayContext>) {
        writes.post("/v1/verifications") { try await start($0, $1) }
        writes.post("/v1/verifications/check") { try await checkPhone($0, $1) }
        reads.get("/v1/verifications/{id}") { try await show($0, $1) }
        writes.post("/v1/verifications/{id}/check") { try await checkID($0, $1) }
        writes.post("/v1/verifications/{id}/resend") { try await resend($0, $1) }
        writes.post("/v1/verifications/{id}/cancel") { try await cancel($0, $1) }
        writes.post("/v1/verifications/{id}/outcome") { try await recordOutcome($0, $1) }
    }

    // MARK: Sending

    private func start(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let json = try await request.json()
        let wanted: VerificationRequest
        do {
            wanted = try VerificationFields.read(
                json,
                of: caller,
                countries: verifier.configuration.countries,
                webhookRefusal: intake.webhookRefusal
            )
        } catch VerifyError.refused(let refusal) {
            throw verifier.refused(refusal)
        }
        try intake.admitCode(goodFor: wanted.life ?? verifier.configuration.life)
        let started = try await verifier.start(wanted)
        var headers = HTTPFields()
        headers[.location] = "/v1/verifications/\(started.verification.id)"
        return answer(started.verification, verifier, status: started.isNew ? .created : .ok, headers: headers)
    }

    private func resend(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        try intake.admitCode(goodFor: verifier.configuration.life)
        return answer(try await verifier.resend(id, by: caller.owns), verifier)
    }

    // MARK: Checking

    private func checkPhone(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let wanted = try CheckFields.read(try await request.json(), withPhone: true)
        let checked = try await verifier.check(
            phone: wanted.phone ?? "",
            purpose: wanted.purpose,
            apiKeyID: caller.id,
            wanted.code
        )
        return Self.answer(checked)
    }

    private func checkID(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let id = try Self.id(context)
        let wanted = try CheckFields.read(try await request.json(), withPhone: false)
        return Self.answer(try await verifier.check(id, wanted.code, by: caller.owns))
    }

    private func recordOutcome(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let id = try Self.id(context)
        var fields = FieldReader(try await request.json(), known: ["converted"])
        let isApproved = fields.bool("converted")
        if isApproved == nil, fields.errors.isEmpty { fields.note("converted", "required", "`converted` is missing.") }
        guard fields.errors.isEmpty, let isApproved else { throw Problem.validation(fields.errors) }
        return answer(try await verifier.recordOutcome(id, isApproved: isApproved, by: caller.owns), verifier)
    }

    // MARK: Looking and taking back

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        return answer(try await verifier.find(try Self.id(context), by: caller.owns), verifier)
    }

    private func cancel(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (verifier, caller) = try admitted(request, context)
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        return answer(try await verifier.cancel(id, by: caller.owns), verifier)
    }

    // MARK: Parts

    private func admitted(_ request: Request, _ context: GatewayContext) throws -> (Verifier, APIKeyIdentity) {
        let caller = try context.require(.verify)
        try QueryParameters(request.uri.query, known: []).check()
        guard let verifier else {
            throw Problem(.notReady, "This gateway's database keeps no verifications yet.", retryAfter: .seconds(3_600))
        }
        return (verifier, caller)
    }

    private static func id(_ context: GatewayContext) throws -> VerificationID {
        guard let id = context.parameters.get("id").flatMap({ VerificationID(text: $0) }) else {
            throw VerifyError.notFound
        }
        return id
    }

    private static func checkEmpty(_ json: RequestJSON) throws {
        let fields = FieldReader(json, known: [])
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
    }

    private func answer(
        _ verification: Verification,
        _ verifier: Verifier,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        let now = verifier.queue.clock.timestamp
        return .json(
            JSONWriter.object { $0.verification(verification, at: now) },
            status: status,
            headers: headers
        )
    }

    /// The outcome of a check: always these members in this order, so that nothing can be told from their form.
    private static func answer(_ checked: Checked) -> Response {
        .json(
            JSONWriter.object { answer in
                answer.member("valid", checked.isValid)
                answer.member("status", checked.status.rawValue)
                answer.member("checks_left", checked.checksLeft)
            }
        )
    }
}

extension APIKeyIdentity {
    /// Its own, and for an administrator's key every one.
    func owns(_ verification: Verification) -> Bool {
        verification.apiKeyID == id || may(.admin)
    }
}

extension JSONWriter {
    /// The members of a verification, inside of an object.
    mutating func verification(_ verification: Verification, at now: Timestamp) {
        let status = verification.status(at: now)
        let isPending = status == .pending
        member("id", verification.id.text)
        member("to", "+" + verification.phone)
        member("status", status.rawValue)
        member("expires_at", verification.expiresAt)
        member("checks_left", isPending ? verification.checksLeft : 0)
        member("sends", verification.sends)
        nullable("resend_after", isPending ? verification.resendAt : nil)
        nullable("message_id", verification.messageID?.text)
        nullable("purpose", verification.purpose.isEmpty ? nil : verification.purpose)
        nullable("reference", verification.reference)
        member("template", verification.template)
        member("locale", verification.language)
        member("test", verification.kind == .test)
        member("created_at", verification.createdAt)
        optional("ended_at", verification.endedAt)
    }
}
