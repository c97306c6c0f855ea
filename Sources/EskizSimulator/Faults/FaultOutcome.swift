/// What happens to a request that a fault has caught.
struct FaultOutcome: Sendable, Equatable {
    /// How the connection behaves.
    enum Wire: String, CaseIterable, Sendable {
        /// An answer is written.
        case answer
        /// TCP reset before anything is processed.
        case resetBefore = "reset_before"
        /// Processed, then a TCP reset instead of the answer.
        case resetAfter = "reset_after"
        /// Accepted and never answered, nothing processed.
        case silence
        /// Processed and never answered.
        case silenceAfter = "silence_after"
        /// Processed, the answer's body replaced by bytes that are no JSON.
        case garbage
        /// Processed, half of the answer's body, then the connection ends.
        case truncated
    }

    var wire = Wire.answer
    /// Answered instead of the provider's own status.
    var status: Int?
    var body: String?
    var headers: [Answer.Header] = []
    /// Waited before anything else.
    var delay = Duration.zero
    /// With a status: the request is processed first, and only the answer is replaced.
    var afterProcessing = false
    /// Every token issued so far dies before the request is processed.
    var isStorm = false

    /// Whether the rules see the request at all.
    var isProcessed: Bool {
        switch wire {
        case .resetBefore, .silence: false
        case .resetAfter, .silenceAfter, .garbage, .truncated: true
        case .answer: status == nil || afterProcessing
        }
    }
}

extension FaultOutcome.Wire {
    /// As people write it: `reset_before`, `reset-before`, `reset before processing`; a bare `reset` is one before.
    init?(spelling text: String) {
        let words = text.lowercased().split { " -_".contains($0) }.filter { $0 != "processing" }
        let name = words.joined(separator: "_")
        self.init(rawValue: name == "reset" ? "reset_before" : name)
    }
}

extension FaultOutcome {
    static let valid =
        "a status such as 502, \"reset_before\", \"reset_after\", \"silence\", \"silence_after\", \"garbage\", "
        + "\"truncated\", \"401_storm\", or an object of status, body, headers, delay, after_processing, kind"

    init(_ document: JSON) throws(BadSetting) {
        switch document {
        case .int, .string:
            self = try FaultOutcome(name: document)
        case .object(let members):
            for member in members { try set(member.name, member.value) }
            guard self != FaultOutcome() else { throw BadSetting(detail: "outcome: \(Self.valid).") }
            guard wire == .answer || status == nil else {
                throw BadSetting(detail: "outcome: a status cannot be combined with \(wire.rawValue).")
            }
            guard status != nil || (body == nil && headers.isEmpty && !afterProcessing) else {
                throw BadSetting(detail: "outcome: body, headers and after_processing need a status.")
            }
        case .null, .bool, .double, .array:
            throw BadSetting(detail: "outcome: \(Self.valid).")
        }
    }

    private init(name: JSON) throws(BadSetting) {
        if let status = name.integer {
            self.status = try Self.checked(status)
        } else if name == "401_storm" {
            isStorm = true
        } else if let wire = name.text.flatMap(Wire.init(spelling:)), wire != .answer {
            self.wire = wire
        } else {
            throw BadSetting(detail: "outcome: \(Self.valid).")
        }
    }

    private static func checked(_ status: Int) throws(BadSetting) -> Int {
        guard (200...599).contains(status) else { throw BadSetting(detail: "outcome: a status is 200…599.") }
        return status
    }

    private mutating func set(_ name: String, _ value: JSON) throws(BadSetting) {
        switch name {
        case "status":
            guard let status = value.integer else { throw BadSetting(detail: "outcome: status is a number.") }
            self.status = try Self.checked(status)
        case "body":
            if case .string(let text) = value {
                body = text
            } else {
                body = String(decoding: value.bytes, as: UTF8.self)
            }
        case "headers":
            guard case .object(let members) = value else { throw BadSetting(detail: "outcome: headers is an object.") }
            headers = members.map { .init(name: $0.name, value: $0.value.text ?? "") }
        case "delay":
            guard let delay = Duration(setting: value), delay >= .zero else {
                throw BadSetting(detail: "outcome: delay is a duration such as \"2s\" or \"250ms\".")
            }
            self.delay = delay
        case "reset":
            guard let moment = value.text, ["before", "after"].contains(moment) else {
                throw BadSetting(detail: "outcome: reset is \"before\" or \"after\" processing.")
            }
            wire = moment == "before" ? .resetBefore : .resetAfter
        case "after_processing":
            guard case .bool(let flag) = value else {
                throw BadSetting(detail: "outcome: after_processing is true or false.")
            }
            afterProcessing = flag
        case "kind", "outcome":
            let named = try FaultOutcome(name: value)
            wire = named.wire
            isStorm = named.isStorm
            status = named.status ?? status
        default:
            guard value == true else { throw BadSetting(detail: "outcome: \(Self.valid).") }
            let named = try FaultOutcome(name: .string(name))
            wire = named.wire
            isStorm = named.isStorm
        }
    }

    var document: JSON {
        var members: [JSON.Member] = []
        if isStorm { members.append(.init(name: "kind", value: "401_storm")) }
        if wire != .answer { members.append(.init(name: "kind", value: .string(wire.rawValue))) }
        if let status { members.append(.init(name: "status", value: .int(status))) }
        if let body { members.append(.init(name: "body", value: .string(body))) }
        if !headers.isEmpty {
            let fields = headers.map { JSON.Member(name: $0.name, value: .string($0.value)) }
            members.append(.init(name: "headers", value: .object(fields)))
        }
        if delay > .zero { members.append(.init(name: "delay", value: delay.setting)) }
        if afterProcessing { members.append(.init(name: "after_processing", value: true)) }
        return .object(members)
    }

    /// As the control API names it.
    var name: String {
        if isStorm { return "401_storm" }
        if wire != .answer { return wire.rawValue }
        if let status { return afterProcessing ? "status \(status) after processing" : "status \(status)" }
        return "delay"
    }
}
