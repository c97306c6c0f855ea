/// One request to the provider's API, read and identified, as the rules see it.
struct Call: Sendable {
    var method: String
    /// The path below `/api`, normalised.
    var route: String
    var query = Fields.none
    var fields = Fields.none
    /// Why the body could not be read; nil where it could.
    var unreadable: String?
    var bearer = Bearer.missing
    /// The address that the provider's logs show.
    var ip = "127.0.0.1"
    /// Scheme, host and port as the client wrote them, for links to other pages of a list.
    var origin = "http://127.0.0.1"
    /// The body as it came.
    var body: [UInt8] = []
    /// The fault that has caught the request, if any.
    var fault: FaultOutcome?
}

/// What the rules made of a call.
struct Handling: Sendable {
    enum Reply: Sendable {
        case answer(Answer)
        /// A token must be signed first; the answer around it is complete but for the token.
        case token(TokenClaims, message: String)
    }

    /// How the answer travels.
    enum Wire: Sendable, Equatable {
        case answer, reset, silence, garbage, truncated
    }

    var reply: Reply
    var wire = Wire.answer
    /// Reports to be posted before the answer is written.
    var reportsBeforeAnswer: [CallbackJob] = []
    /// Reports that came due meanwhile.
    var reports: [CallbackJob] = []
    /// The call's number in the ledger.
    var callNumber = 0
    /// Whether a new message is in the inbox.
    var hasNewMessages = false
}
