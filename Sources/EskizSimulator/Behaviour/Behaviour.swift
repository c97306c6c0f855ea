/// How the provider behaves where the evidence is missing or conflicts: every switch with its default
/// (`eskiz-api.md` §11.2, `token-keeper.md` §2.0).
///
/// The names that people use are in ``BehaviourSwitch/all``.
struct Behaviour: Sendable {
    // MARK: Credentials

    var unauthorizedBody = UnauthorizedBody.gen3
    var missingHeaderStatus = 401
    var garbageTokenStatus = 401
    var badCredentials = BadCredentials.russian
    var loginMissingField = LoginMissingField.badCredentials
    var refreshExpired = RefreshExpired.refuse
    var refreshMessage = RefreshMessage.tokenGenerated
    var oldToken = OldToken.valid
    var oldTokenGrace = Duration.zero
    var loginRevokesOthers = false
    var refreshHorizon: Duration?
    var refreshSameToken = false
    var replicaLag = Duration.zero
    var replicaLagShare = 0.5
    var lostAuthAnswer = LostAnswer.none
    var lostAuthAnswerTimes: Int?
    var authAnswer = AuthAnswer.normal
    var authAnswerOn = AuthRoutes.both
    var authAnswerTimes: Int?
    var authRetryAfter = Duration.seconds(30)
    var lockAfter: Int?
    var lockFor: Duration?
    var clockOffset = Duration.zero
    var tokenFormat = TokenFormat.jwt
    var blockedAccount = BlockedAccount.no

    // MARK: Sending

    var roleOverride: Account.Role?
    var userTexts = UserTexts.any
    var userSMSID = UserSMSIDRule.digits12
    var phoneFormat = PhoneFormat.strict
    var unknownSender = UnknownSender.refuse
    var forbiddenWords: [String] = []
    var balance: Int?
    var zeroBalance = ZeroBalance.neverDelivered
    var balanceFormat = BalanceFormat.integer
    var batchOnTestAccount = BatchOnTestAccount.forbidden
    var batchLimit: Int?
    var batchBadItem = BatchBadItem.refuseAll
    var sendStatus = SendStatus.string
    var maximumParts: Int? = 8
    var textCharacters = TextCharacters.strict
    var validationErrors = ValidationErrors.gen3

    // MARK: Reading

    var checkMethod = CheckMethod.post
    var readsByGET = ReadsByGET.notFound
    var gen1Routes = false
    var statusBeforeStored = StatusBeforeStored.error
    var unknownIDStatus = 200
    var partsShape = PartsShape.new
    var emptyResult = EmptyResult.array
    var pendingTimes = PendingTimes.null
    var rangeReport = RangeReport.list
    var totalsField = TotalsField.packets

    // MARK: Delivery and callbacks

    var delivery = DeliveryOutcome.delivered
    var deliveryByNumber: [String: DeliveryOutcome] = [:]
    var storedAfter = Duration.milliseconds(50)
    var acceptedAfter = Duration.milliseconds(150)
    var deliveredAfter = Duration.milliseconds(400)
    var callbackEncoding = CallbackEncoding.json
    var callbackSpelling = CallbackSpelling.part
    var callbackPoints: Set<CallbackPoint> = Set(CallbackPoint.allCases)
    var callbackFields = CallbackFields.full
    var callbackOrder = CallbackOrder.inOrder
    var callbackRepeat = 1
    var callbackBeforeAnswer = false
    var callbackRetry = CallbackRetry.exponential
    var callbackRetryInterval = Duration.seconds(1)
    var callbackRetryLimit = 5
    var moderationAfter: Duration?
    var moderationVerdict = ModerationVerdict.service

    // MARK: Network

    var latency: [LatencyRule] = []

    /// The modes that were asked for by name, as they were spelt; only for showing.
    var modes: [String] = []
}

// MARK: - Closed sets of values; the raw value is what people write

extension Behaviour {
    enum UnauthorizedBody: String, CaseIterable, Sendable {
        case gen3, gen2
        case gen2Underscore = "gen2_underscore"
        case gen1
    }
    enum BadCredentials: String, CaseIterable, Sendable {
        case russian
        case invalidCredentials = "invalid_credentials"
    }
    enum LoginMissingField: String, CaseIterable, Sendable {
        case badCredentials = "bad_credentials"
        case gen1
        case gen3
    }
    enum RefreshExpired: String, CaseIterable, Sendable { case refuse, allow }
    enum RefreshMessage: String, CaseIterable, Sendable {
        case tokenGenerated = "token_generated"
        case tokenRefreshed = "token_refreshed"
    }
    enum OldToken: String, CaseIterable, Sendable { case valid, revoked }
    enum LostAnswer: String, CaseIterable, Sendable { case none, reset, timeout, truncated }
    enum AuthAnswer: String, CaseIterable, Sendable {
        case normal
        case unauthorized = "401"
        case forbidden = "403"
        case tooManyRequests = "429"
        case internalError = "500"
        case badGateway = "502"
        case unavailable = "503"
        case errorBody = "200_error"
        case html
        case emptyToken = "empty_token"
        case noToken = "no_token"
        case expiredToken = "expired_token"
        case noExpiry = "no_exp"
    }
    enum AuthRoutes: String, CaseIterable, Sendable { case both, login, refresh }
    enum TokenFormat: String, CaseIterable, Sendable { case jwt, opaque }
    enum BlockedAccount: String, CaseIterable, Sendable {
        case no
        case loginWithoutToken = "login_without_token"
        case forbidden = "403"
    }
    enum UserTexts: String, CaseIterable, Sendable { case any, templates }
    enum UserSMSIDRule: String, CaseIterable, Sendable { case digits12, lenient }
    enum PhoneFormat: String, CaseIterable, Sendable { case strict, lenient }
    enum UnknownSender: String, CaseIterable, Sendable {
        case refuse = "400"
        case errorStatus = "200_error"
        case deleted
    }
    enum ZeroBalance: String, CaseIterable, Sendable {
        case neverDelivered = "never_delivered"
        case refuse = "400"
    }
    enum BalanceFormat: String, CaseIterable, Sendable { case integer, fraction, string }
    enum BatchOnTestAccount: String, CaseIterable, Sendable {
        case forbidden = "403"
        case allow
    }
    enum BatchBadItem: String, CaseIterable, Sendable {
        case refuseAll = "refuse_all"
        case errorElement = "error_element"
    }
    enum SendStatus: String, CaseIterable, Sendable { case string, array }
    enum TextCharacters: String, CaseIterable, Sendable { case strict, any }
    enum ValidationErrors: String, CaseIterable, Sendable { case gen3, gen1 }
    enum CheckMethod: String, CaseIterable, Sendable {
        case post
        case getToo = "get_too"
    }
    enum ReadsByGET: String, CaseIterable, Sendable {
        case notFound = "404"
        case accept
    }
    enum StatusBeforeStored: String, CaseIterable, Sendable { case error, new }
    enum PartsShape: String, CaseIterable, Sendable { case new, old }
    enum EmptyResult: String, CaseIterable, Sendable { case array, string }
    enum PendingTimes: String, CaseIterable, Sendable { case null, zero, empty }
    enum RangeReport: String, CaseIterable, Sendable { case list, object }
    enum TotalsField: String, CaseIterable, Sendable {
        case packets
        case sentPacketsToo = "sent_packets_too"
    }
    enum CallbackEncoding: String, CaseIterable, Sendable { case json, urlencoded, multipart }
    enum CallbackSpelling: String, CaseIterable, Sendable { case part, message }
    enum CallbackPoint: String, CaseIterable, Sendable { case stored, accepted, final }
    enum CallbackFields: String, CaseIterable, Sendable { case full, legacy }
    enum CallbackOrder: String, CaseIterable, Sendable {
        case inOrder = "in_order"
        case reversed
    }
    enum CallbackRetry: String, CaseIterable, Sendable { case exponential, none, fixed }
    enum ModerationVerdict: String, CaseIterable, Sendable { case service, reklama, rejected }
}

/// What becomes of a message after the operator has it (`eskiz-api.md` §9).
enum DeliveryOutcome: String, CaseIterable, Sendable {
    case delivered, partial, undelivered, expired, rejected, deleted, unknown, never
}

/// How long a route takes: a delay drawn evenly between two bounds, and a share of requests that are never answered.
struct LatencyRule: Sendable, Equatable {
    var route: RoutePattern
    var shortest: Duration
    var longest: Duration
    var never: Double = 0
}
