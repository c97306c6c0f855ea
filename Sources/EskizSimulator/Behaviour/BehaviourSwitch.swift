/// One switch as the control API knows it: its name, the values it takes, and how to read and set it.
struct BehaviourSwitch: Sendable {
    let name: String
    /// The values in words, for error messages and for the table of `docs/simulator.md`.
    let values: String
    let read: @Sendable (Behaviour) -> JSON
    let write: @Sendable (inout Behaviour, JSON) throws(BadSetting) -> Void
}

extension Behaviour {
    /// Every switch in order, with its current value.
    var document: JSON {
        var members = BehaviourSwitch.all.map { JSON.Member(name: $0.name, value: $0.read(self)) }
        members.append(.init(name: "modes", value: .array(modes.map(JSON.string))))
        return .object(members)
    }

    /// Merges a partial document: all of it, or nothing and the reason.
    ///
    /// `"modes"` is applied first, so that a switch named beside it wins. The list of modes replaces the one before: it
    /// sets the switches that the modes stand for and leaves the others as they are.
    mutating func merge(_ document: JSON, tokenLifetime: Duration) throws(BadSetting) {
        guard case .object(let members) = document else {
            throw BadSetting(detail: "Send one JSON object of switches, for example {\"refresh_expired\":\"allow\"}.")
        }
        var changed = self
        for member in members where member.name == "modes" {
            changed.modes = try ServerMode.apply(member.value, to: &changed, tokenLifetime: tokenLifetime)
        }
        for member in members where member.name != "modes" {
            guard let known = BehaviourSwitch.named[member.name] else {
                throw BadSetting(
                    detail: "There is no switch “\(member.name)”. Valid names: \(BehaviourSwitch.names), modes."
                )
            }
            do {
                try known.write(&changed, member.value)
            } catch {
                throw BadSetting(detail: "\(member.name): \(error.detail)")
            }
        }
        self = changed
    }
}

// MARK: - Kinds of switches

extension BehaviourSwitch {
    static func choice<Choice>(
        _ name: String,
        _ path: any (WritableKeyPath<Behaviour, Choice> & Sendable)
    ) -> BehaviourSwitch
    where Choice: RawRepresentable<String> & CaseIterable & Sendable {
        let values = Choice.allCases.map { $0.rawValue }.joined(separator: ", ")
        return BehaviourSwitch(name: name, values: values) {
            .string($0[keyPath: path].rawValue)
        } write: { behaviour, value throws(BadSetting) in
            // "401" and 401 are the same wish, and so are "null" and null.
            guard let choice = (value == .null ? "null" : value.text).flatMap(Choice.init(rawValue:)) else {
                throw BadSetting(detail: "valid values are \(values).")
            }
            behaviour[keyPath: path] = choice
        }
    }

    static func flag(_ name: String, _ path: any (WritableKeyPath<Behaviour, Bool> & Sendable)) -> BehaviourSwitch {
        BehaviourSwitch(name: name, values: "true, false") {
            .bool($0[keyPath: path])
        } write: { behaviour, value throws(BadSetting) in
            guard case .bool(let flag) = value else { throw BadSetting(detail: "valid values are true, false.") }
            behaviour[keyPath: path] = flag
        }
    }

    static func count(
        _ name: String,
        _ path: any (WritableKeyPath<Behaviour, Int> & Sendable),
        in range: ClosedRange<Int>
    ) -> BehaviourSwitch {
        BehaviourSwitch(name: name, values: "\(range.lowerBound)…\(range.upperBound)") {
            .int($0[keyPath: path])
        } write: { behaviour, value throws(BadSetting) in
            guard let count = value.integer, range.contains(count) else {
                throw BadSetting(detail: "a whole number of \(range.lowerBound)…\(range.upperBound).")
            }
            behaviour[keyPath: path] = count
        }
    }

    static func optionalCount(
        _ name: String,
        _ path: any (WritableKeyPath<Behaviour, Int?> & Sendable),
        in range: ClosedRange<Int>
    ) -> BehaviourSwitch {
        BehaviourSwitch(name: name, values: "null, \(range.lowerBound)…\(range.upperBound)") {
            JSON($0[keyPath: path])
        } write: { behaviour, value throws(BadSetting) in
            if value == .null {
                behaviour[keyPath: path] = nil
                return
            }
            guard let count = value.integer, range.contains(count) else {
                throw BadSetting(detail: "null, or a whole number of \(range.lowerBound)…\(range.upperBound).")
            }
            behaviour[keyPath: path] = count
        }
    }

    static func share(_ name: String, _ path: any (WritableKeyPath<Behaviour, Double> & Sendable)) -> BehaviourSwitch {
        BehaviourSwitch(name: name, values: "0…1") {
            .double($0[keyPath: path])
        } write: { behaviour, value throws(BadSetting) in
            guard let share = value.share else { throw BadSetting(detail: "a number of 0…1.") }
            behaviour[keyPath: path] = share
        }
    }

    static func duration(
        _ name: String,
        _ path: any (WritableKeyPath<Behaviour, Duration> & Sendable),
        signed: Bool = false
    ) -> BehaviourSwitch {
        let values = "seconds, or \"250ms\", \"10s\", \"5m\", \"2h\", \"30d\"" + (signed ? "; may be negative" : "")
        return BehaviourSwitch(name: name, values: values) {
            $0[keyPath: path].setting
        } write: { behaviour, value throws(BadSetting) in
            guard let duration = Duration(setting: value), signed || duration >= .zero else {
                throw BadSetting(detail: "\(values).")
            }
            behaviour[keyPath: path] = duration
        }
    }

    static func optionalDuration(
        _ name: String,
        _ path: any (WritableKeyPath<Behaviour, Duration?> & Sendable)
    ) -> BehaviourSwitch {
        let values = "null, seconds, or \"250ms\", \"10s\", \"5m\", \"2h\", \"30d\""
        return BehaviourSwitch(name: name, values: values) {
            $0[keyPath: path]?.setting ?? .null
        } write: { behaviour, value throws(BadSetting) in
            if value == .null {
                behaviour[keyPath: path] = nil
                return
            }
            guard let duration = Duration(setting: value), duration >= .zero else {
                throw BadSetting(detail: "\(values).")
            }
            behaviour[keyPath: path] = duration
        }
    }
}

extension JSON {
    /// A probability or a share: a number of 0…1.
    var share: Double? {
        let number: Double? =
            switch self {
            case .int(let value): Double(value)
            case .double(let value): value
            case .null, .bool, .string, .array, .object: nil
            }
        guard let number, (0...1).contains(number) else { return nil }
        return number
    }
}
