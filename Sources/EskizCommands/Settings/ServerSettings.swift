import Configuration
package import Eskiz
import EskizGateway
import EskizHTTP
package import EskizQueue

/// What `eskiz serve` works by, beside what every verb does.
package struct ServerSettings: Sendable {
    var listen = ListenAddress.gateway
    /// Of a socket in the file system.
    var socketMode = ListenSocket.standardMode
    var socketGroup: String?
    var limits = ConnectionLimits.standard
    /// Below which a proxy is asked for the gateway.
    var basePath = BasePath.root
    /// Nil: `eskiz.sqlite` in the state directory.
    package var databaseURL: Redacted<String>?
    /// Where a PostgreSQL calls from, past a pooler; nil for where the queue is.
    package var databaseListenURL: Redacted<String>?
    /// Where applications leave messages; nil for nowhere.
    package var outboxURL: Redacted<String>?
    /// Whether the gateway makes and changes tables in a PostgreSQL by itself.
    package var migratesDatabase = true
    package var apiKeys = Redacted<[String]>([])
    package var concurrency = 96
    package var rateLimit: Double?
    package var maximumWaiting = 2_000_000
    package var otpLifetime: Duration = .seconds(120)
    package var settleTime: Duration = .seconds(60)
    package var resendUnknown: Set<Lane> = [.otp, .transactional]
    package var resendUnknownLimit = 1
    package var retention: Duration = .seconds(30 * 86_400)
    package var grace: Duration = .seconds(20)
    package var normalizes = true
    package var webhookSecret: Redacted<String>?
    package var allowsPrivateWebhooks = false
    package var repeatsByUserSMSID = true
    /// When mailings wait; nil for never.
    package var quietHours: QuietHours?
    package var verify = VerifySettings()

    /// The defaults.
    package init() {}

    init(reader: ConfigReader, problems: inout [Sentence]) {
        var settings = ServerSettingReader(reader: reader)
        listen = settings.value(.listen, or: .gateway, Self.listenWords) { ListenAddress(argument: $0) }
        socketMode = settings.value(.listenMode, or: ListenSocket.standardMode, "an octal mode, for example 0660") {
            UInt32($0, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil }
        }
        socketGroup = settings.text(.listenGroup)
        basePath = settings.value(.basePath, or: .root, Self.pathWords) { BasePath(argument: $0) }
        limits.head = settings.duration(.headTimeout, or: limits.head)
        limits.idle = settings.duration(.idleTimeout, or: limits.idle)
        limits.bodyRate = settings.value(.bodyRate, or: limits.bodyRate, "bytes a second, 0 for no rule") {
            Int($0).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
        }
        databaseURL = settings.text(.databaseURL).map { Redacted($0) }
        databaseListenURL = settings.text(.databaseListenURL).map { Redacted($0) }
        outboxURL = settings.text(.outboxURL).map { Redacted($0) }
        migratesDatabase = settings.flag(.databaseMigrate, or: true)
        let keys = (settings.text(.apiKeys) ?? "").split(separator: ",").map { key in
            String(key.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        if let short = keys.first(where: { $0.utf8.count < 16 }), !short.isEmpty {
            settings.problems.append("ESKIZ_API_KEYS: each key needs at least 16 characters.")
        }
        apiKeys = Redacted(keys.filter { !$0.isEmpty })
        concurrency = settings.value(.concurrency, or: 96, "a whole number from 1 to 1000") {
            Int($0).flatMap { (1...1_000).contains($0) ? $0 : nil }
        }
        rateLimit = settings.value(.rateLimit, or: nil, "messages a second, more than 0") {
            Double($0).flatMap { $0 > 0 && $0 <= 1_000_000 ? .some($0) : nil }
        }
        maximumWaiting = settings.value(.maximumWaiting, or: 2_000_000, "a whole number, at least 1") {
            Int($0).flatMap { $0 >= 1 ? $0 : nil }
        }
        otpLifetime = settings.duration(.otpLifetime, or: .seconds(120))
        settleTime = settings.duration(.settleTime, or: .seconds(60))
        retention = settings.duration(.retention, or: .seconds(30 * 86_400))
        let hours = (WebhookDeliverer.patience.components.seconds + 3_599) / 3_600
        if retention < .seconds(hours * 3_600) {
            settings.problems.append(
                "ESKIZ_RETENTION must be at least \(hours)h: an application that does not answer is told for so long."
            )
        }
        grace = settings.duration(.grace, or: .seconds(20))
        resendUnknown = settings.value(
            .resendUnknown,
            or: [.otp, .transactional],
            "lanes: otp,transactional,bulk, or none"
        ) {
            Self.lanes($0)
        }
        resendUnknownLimit = settings.value(.resendUnknownLimit, or: 1, "a whole number from 0 to 10") {
            Int($0).flatMap { (0...10).contains($0) ? $0 : nil }
        }
        normalizes = settings.flag(.normalize, or: true)
        webhookSecret = settings.text(.webhookSecret).map { Redacted($0) }
        allowsPrivateWebhooks = settings.flag(.webhookPrivate, or: false)
        repeatsByUserSMSID = settings.flag(.userSMSIDUnique, or: true)
        quietHours = settings.value(.quietHours, or: nil, "off, on (22:00-08:00) or hours such as 21:30-07:00") {
            text in
            switch text.lowercased() {
            case "off", "none": .some(nil)
            case "on": .some(.standard)
            default: QuietHours(text: text).map { .some($0) }
            }
        }
        verify = VerifySettings(settings: &settings)
        problems += settings.problems
    }

    /// Where and how the server listens.
    var place: ServerPlace {
        ServerPlace(listen, socketMode: socketMode, socketGroup: socketGroup, limits: limits)
    }

    private static let pathWords: Sentence =
        "a path such as /sms: letters, digits, - . _ ~ and /, and not one of the gateway's own such as /api"

    static let listenWords: Sentence =
        "HOST:PORT, *:PORT or unix:/path, for example 127.0.0.1:8080 or unix:/run/eskiz/eskiz.sock"

    private static func lanes(_ text: String) -> Set<Lane>? {
        if text.lowercased() == "none" { return [] }
        let names = text.split(separator: ",").map { $0.filter { !$0.isWhitespace }.lowercased() }
        let lanes = names.compactMap { Lane(rawValue: $0) }
        return lanes.count == names.count && !lanes.isEmpty ? Set(lanes) : nil
    }
}

/// Reads settings as text and says what is wrong with them by the name people know.
struct ServerSettingReader {
    let reader: ConfigReader
    var problems: [Sentence] = []

    mutating func text(_ name: SettingName) -> String? {
        do {
            let text = try reader.requiredString(forKey: ConfigKey(name.key), isSecret: name.isSecret)
            return text.isEmpty ? nil : text
        } catch let error as EskizError {
            problems.append("\(name.rawValue): \(error.what)")
            return nil
        } catch {
            return nil
        }
    }

    mutating func value<Value>(
        _ name: SettingName,
        or standard: Value,
        _ expected: Sentence,
        _ parse: (String) -> Value?
    ) -> Value {
        guard let text = text(name) else { return standard }
        if let value = parse(text) { return value }
        problems.append("\(name.rawValue) must be \(expected).")
        return standard
    }

    mutating func duration(_ name: SettingName, or standard: Duration) -> Duration {
        value(name, or: standard, "a duration with its unit, for example 90s, 2m, 12h or 30d") {
            Lifetime(argument: $0)?.duration
        }
    }

    /// A number of at least 1.
    mutating func count(_ name: SettingName, or standard: Int) -> Int {
        value(name, or: standard, "a whole number, at least 1") {
            Int($0).flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
        }
    }

    /// A number of at least 1, or none.
    mutating func ceiling(_ name: SettingName, or standard: Int?) -> Int? {
        value(name, or: standard, "a whole number, at least 1, or none") { text in
            if text.lowercased() == "none" { return .some(nil) }
            return Int(text).flatMap { (1...1_000_000_000).contains($0) ? .some($0) : nil }
        }
    }

    mutating func flag(_ name: SettingName, or standard: Bool) -> Bool {
        value(name, or: standard, "true or false") {
            switch $0.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        }
    }
}
