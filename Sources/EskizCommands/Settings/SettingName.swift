/// Every setting that this command reads, by the name people know it by.
package enum SettingName: String, Sendable, CaseIterable {
    case token = "ESKIZ_TOKEN"
    case email = "ESKIZ_EMAIL"
    case password = "ESKIZ_PASSWORD"
    case baseURL = "ESKIZ_BASE_URL"
    case sender = "ESKIZ_FROM"
    case callbackURL = "ESKIZ_CALLBACK_URL"
    case codeTemplate = "ESKIZ_CODE_TEMPLATE"
    case timeout = "ESKIZ_TIMEOUT"
    case stateDirectory = "ESKIZ_STATE_DIR"
    case tokenKey = "ESKIZ_TOKEN_KEY"
    case resendOn = "ESKIZ_RESEND_ON"
    case maximumSegments = "ESKIZ_MAX_SEGMENTS"
    case caFile = "ESKIZ_CA_FILE"
    case insecureHosts = "ESKIZ_INSECURE_HOSTS"
    case databaseURL = "ESKIZ_DATABASE_URL"
    case databaseListenURL = "ESKIZ_DATABASE_LISTEN_URL"
    case databaseMigrate = "ESKIZ_DATABASE_MIGRATE"
    case outboxURL = "ESKIZ_OUTBOX_URL"
    case listen = "ESKIZ_LISTEN"
    case listenMode = "ESKIZ_LISTEN_MODE"
    case listenGroup = "ESKIZ_LISTEN_GROUP"
    case basePath = "ESKIZ_BASE_PATH"
    case headTimeout = "ESKIZ_HEAD_TIMEOUT"
    case bodyRate = "ESKIZ_BODY_RATE"
    case idleTimeout = "ESKIZ_IDLE_TIMEOUT"
    case apiKeys = "ESKIZ_API_KEYS"
    case concurrency = "ESKIZ_CONCURRENCY"
    case rateLimit = "ESKIZ_RATE_LIMIT"
    case maximumWaiting = "ESKIZ_MAX_WAITING"
    case otpLifetime = "ESKIZ_OTP_LIFETIME"
    case settleTime = "ESKIZ_SETTLE_TIME"
    case resendUnknown = "ESKIZ_RESEND_UNKNOWN"
    case resendUnknownLimit = "ESKIZ_RESEND_UNKNOWN_LIMIT"
    case retention = "ESKIZ_RETENTION"
    case grace = "ESKIZ_GRACE"
    case normalize = "ESKIZ_NORMALIZE"
    case userSMSIDUnique = "ESKIZ_USER_SMS_ID_UNIQUE"
    case webhookSecret = "ESKIZ_WEBHOOK_SECRET"
    case webhookPrivate = "ESKIZ_WEBHOOK_PRIVATE"
    case verifyTemplates = "ESKIZ_VERIFY_TEMPLATES"
    case verifyTestNumbers = "ESKIZ_VERIFY_TEST_NUMBERS"
    case verifyKeys = "ESKIZ_VERIFY_KEYS"
    case verifyLifetime = "ESKIZ_VERIFY_LIFETIME"
    case verifyIntervals = "ESKIZ_VERIFY_INTERVALS"
    case verifyPhoneHour = "ESKIZ_VERIFY_PHONE_HOUR"
    case verifyPhoneDay = "ESKIZ_VERIFY_PHONE_DAY"
    case verifyBlock = "ESKIZ_VERIFY_BLOCK"
    case verifyClientHour = "ESKIZ_VERIFY_CLIENT_HOUR"
    case verifyFailuresHour = "ESKIZ_VERIFY_FAILURES_HOUR"
    case verifyKeyMinute = "ESKIZ_VERIFY_KEY_MINUTE"
    case verifyTotalMinute = "ESKIZ_VERIFY_TOTAL_MINUTE"
    case verifyBudget = "ESKIZ_VERIFY_BUDGET"
    case verifyPrice = "ESKIZ_VERIFY_PRICE"
    case verifyGuard = "ESKIZ_VERIFY_GUARD"
    case verifyCountries = "ESKIZ_VERIFY_COUNTRIES"
    case supabaseSecret = "ESKIZ_SUPABASE_SECRET"
    case quietHours = "ESKIZ_QUIET_HOURS"
    case logLevel = "ESKIZ_LOG_LEVEL"
    case logFormat = "ESKIZ_LOG_FORMAT"
    case logFile = "ESKIZ_LOG_FILE"
    case language = "ESKIZ_LANG"

    /// A value that is never shown, and that may also come from a file.
    package var isSecret: Bool {
        switch self {
        case .token, .password, .tokenKey, .apiKeys, .databaseURL, .databaseListenURL, .outboxURL, .webhookSecret,
            .verifyKeys, .verifyTestNumbers, .supabaseSecret:
            true
        default: false
        }
    }

    /// `ESKIZ_PASSWORD_FILE`: where to read the secret from.
    package var fileName: String { rawValue + "_FILE" }

    /// Settings for which an empty value means something: no callback, no log file.
    ///
    /// For all others it means "not set", because a compose file that passes `ESKIZ_TOKEN=` on means just that.
    var mayBeEmpty: Bool { self == .callbackURL || self == .logFile }

    /// The dotted key of swift-configuration, below `eskiz`.
    var key: String {
        rawValue.dropFirst("ESKIZ_".count).lowercased().split(separator: "_").joined(separator: ".")
    }

    /// Finds a setting by its name in any of the spellings a JSON file may use: `base_url`, `baseUrl`, `base.url`,
    /// `ESKIZ_BASE_URL`, and with `_file` at the end where it is a secret.
    static func environmentName(forKey path: [String]) -> String? {
        var words: [String] = []
        for component in path {
            var word = ""
            for character in component {
                if character == "_" || character == "-" || character == "." {
                    words.append(word)
                    word = ""
                } else {
                    if character.isUppercase, let last = word.last, last.isLowercase {
                        words.append(word)
                        word = ""
                    }
                    word.append(character)
                }
            }
            words.append(word)
        }
        words = words.filter { !$0.isEmpty }.map { $0.uppercased() }
        if words.first == "ESKIZ" { words.removeFirst() }
        let name = "ESKIZ_" + words.joined(separator: "_")
        if SettingName(rawValue: name) != nil { return name }
        if name.hasSuffix("_FILE"), SettingName(rawValue: String(name.dropLast(5)))?.isSecret == true { return name }
        return nil
    }
}

/// Where a value came from, strongest first.
package enum SettingOrigin: String, Sendable, CaseIterable {
    case flag
    case environment
    case dotEnv = ".env"
    case file = "eskiz.json"
}
