extension BehaviourSwitch {
    /// Every switch, in the order in which they are shown.
    static let all: [BehaviourSwitch] = credentials + sending + reading + delivery + network

    static let named: [String: BehaviourSwitch] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static var names: String { all.map { $0.name }.joined(separator: ", ") }

    static let credentials: [BehaviourSwitch] = [
        choice("unauthorized_body", \.unauthorizedBody),
        count("missing_header_status", \.missingHeaderStatus, in: 400...599),
        count("garbage_token_status", \.garbageTokenStatus, in: 400...599),
        choice("bad_credentials", \.badCredentials),
        choice("login_missing_field", \.loginMissingField),
        choice("refresh_expired", \.refreshExpired),
        choice("refresh_message", \.refreshMessage),
        choice("old_token", \.oldToken),
        duration("old_token_grace", \.oldTokenGrace),
        flag("login_revokes_others", \.loginRevokesOthers),
        optionalDuration("refresh_horizon", \.refreshHorizon),
        flag("refresh_same_token", \.refreshSameToken),
        duration("replica_lag", \.replicaLag),
        share("replica_lag_share", \.replicaLagShare),
        choice("lost_auth_answer", \.lostAuthAnswer),
        optionalCount("lost_auth_answer_times", \.lostAuthAnswerTimes, in: 0...1_000_000),
        choice("auth_answer", \.authAnswer),
        choice("auth_answer_on", \.authAnswerOn),
        optionalCount("auth_answer_times", \.authAnswerTimes, in: 0...1_000_000),
        duration("auth_retry_after", \.authRetryAfter),
        optionalCount("lock_after", \.lockAfter, in: 1...1_000_000),
        optionalDuration("lock_for", \.lockFor),
        duration("clock_offset", \.clockOffset, signed: true),
        choice("token_format", \.tokenFormat),
        choice("blocked_account", \.blockedAccount),
    ]

    static let sending: [BehaviourSwitch] = [
        BehaviourSwitch(name: "role_override", values: "null, user, test") {
            JSON($0.roleOverride?.rawValue)
        } write: { behaviour, value throws(BadSetting) in
            if value == .null {
                behaviour.roleOverride = nil
                return
            }
            guard let role = value.text.flatMap(Account.Role.init(rawValue:)) else {
                throw BadSetting(detail: "valid values are null, user, test.")
            }
            behaviour.roleOverride = role
        },
        choice("user_texts", \.userTexts),
        choice("user_sms_id", \.userSMSID),
        choice("phone_format", \.phoneFormat),
        choice("unknown_sender", \.unknownSender),
        BehaviourSwitch(name: "forbidden_words", values: "a list of words") {
            .array($0.forbiddenWords.map(JSON.string))
        } write: { behaviour, value throws(BadSetting) in
            guard case .array(let elements) = value else { throw BadSetting(detail: "a list of words.") }
            let words = elements.compactMap(\.text).filter { !$0.isEmpty }
            guard words.count == elements.count else { throw BadSetting(detail: "a list of words.") }
            behaviour.forbiddenWords = words
        },
        optionalCount("balance", \.balance, in: 0...1_000_000_000_000),
        choice("zero_balance", \.zeroBalance),
        choice("balance_format", \.balanceFormat),
        choice("batch_on_test_account", \.batchOnTestAccount),
        optionalCount("batch_limit", \.batchLimit, in: 1...1_000_000),
        choice("batch_bad_item", \.batchBadItem),
        choice("send_status", \.sendStatus),
        optionalCount("max_parts", \.maximumParts, in: 1...255),
        choice("text_characters", \.textCharacters),
        choice("validation_errors", \.validationErrors),
    ]

    static let reading: [BehaviourSwitch] = [
        choice("check_method", \.checkMethod),
        choice("reads_by_get", \.readsByGET),
        flag("gen1_routes", \.gen1Routes),
        choice("status_before_stored", \.statusBeforeStored),
        count("unknown_id_status", \.unknownIDStatus, in: 200...599),
        choice("parts_shape", \.partsShape),
        choice("empty_result", \.emptyResult),
        choice("pending_times", \.pendingTimes),
        choice("range_report", \.rangeReport),
        choice("totals_field", \.totalsField),
    ]

    static let delivery: [BehaviourSwitch] = [
        choice("delivery", \.delivery),
        BehaviourSwitch(name: "delivery_by_number", values: "an object of number: delivery") { behaviour in
            .object(
                behaviour.deliveryByNumber.sorted { $0.key < $1.key }
                    .map { .init(name: $0.key, value: .string($0.value.rawValue)) }
            )
        } write: { behaviour, value throws(BadSetting) in
            behaviour.deliveryByNumber = try outcomesByNumber(value)
        },
        duration("stored_after", \.storedAfter),
        duration("accepted_after", \.acceptedAfter),
        duration("delivered_after", \.deliveredAfter),
        choice("callback_encoding", \.callbackEncoding),
        choice("callback_spelling", \.callbackSpelling),
        BehaviourSwitch(name: "callback_points", values: "a list of stored, accepted, final") { behaviour in
            .array(
                Behaviour.CallbackPoint.allCases.filter(behaviour.callbackPoints.contains)
                    .map { .string($0.rawValue) }
            )
        } write: { behaviour, value throws(BadSetting) in
            let refusal = BadSetting(detail: "a list of stored, accepted, final.")
            guard case .array(let elements) = value else { throw refusal }
            let points = elements.compactMap { $0.text.flatMap(Behaviour.CallbackPoint.init(rawValue:)) }
            guard points.count == elements.count else { throw refusal }
            behaviour.callbackPoints = Set(points)
        },
        choice("callback_fields", \.callbackFields),
        choice("callback_order", \.callbackOrder),
        count("callback_repeat", \.callbackRepeat, in: 1...100),
        flag("callback_before_answer", \.callbackBeforeAnswer),
        choice("callback_retry", \.callbackRetry),
        duration("callback_retry_interval", \.callbackRetryInterval),
        count("callback_retry_limit", \.callbackRetryLimit, in: 0...1_000),
        optionalDuration("moderation_after", \.moderationAfter),
        choice("moderation_verdict", \.moderationVerdict),
    ]

    static let network: [BehaviourSwitch] = [
        BehaviourSwitch(
            name: "latency",
            values: "an object of route: duration, or route: {\"min\", \"max\", \"never\"}"
        ) { behaviour in
            .object(behaviour.latency.map { .init(name: $0.route.text, value: $0.document) })
        } write: { behaviour, value throws(BadSetting) in
            guard case .object(let members) = value else {
                throw BadSetting(detail: "an object such as {\"auth/*\": {\"min\": \"10ms\", \"max\": \"2s\"}}.")
            }
            var rules: [LatencyRule] = []
            for member in members { rules.append(try LatencyRule(route: member.name, document: member.value)) }
            behaviour.latency = rules
        }
    ]

    private static func outcomesByNumber(_ value: JSON) throws(BadSetting) -> [String: DeliveryOutcome] {
        let valid = DeliveryOutcome.allCases.map { $0.rawValue }.joined(separator: ", ")
        let refusal = BadSetting(detail: "an object such as {\"998901234567\": \"undelivered\"}; outcomes: \(valid).")
        guard case .object(let members) = value else { throw refusal }
        var outcomes: [String: DeliveryOutcome] = [:]
        for member in members {
            let digits = member.name.filter(\.isNumber)
            guard !digits.isEmpty, let outcome = member.value.text.flatMap(DeliveryOutcome.init(rawValue:)) else {
                throw refusal
            }
            outcomes[digits] = outcome
        }
        return outcomes
    }
}

extension LatencyRule {
    init(route: String, document: JSON) throws(BadSetting) {
        let pattern = RoutePattern(route)
        if let fixed = Duration(setting: document), fixed >= .zero {
            self.init(route: pattern, shortest: fixed, longest: fixed)
            return
        }
        guard case .object(let members) = document,
            members.allSatisfy({ ["min", "max", "never"].contains($0.name) }),
            let shortest = Duration(setting: document["min"] ?? 0), shortest >= .zero,
            let longest = Duration(setting: document["max"] ?? document["min"] ?? 0), longest >= shortest,
            let never = (document["never"] ?? 0).share
        else {
            throw BadSetting(
                detail: "“\(route)” takes a duration, or {\"min\", \"max\", \"never\"} with max ≥ min and never of 0…1."
            )
        }
        self.init(route: pattern, shortest: shortest, longest: longest, never: never)
    }

    var document: JSON {
        ["min": shortest.setting, "max": longest.setting, "never": .double(never)]
    }
}
