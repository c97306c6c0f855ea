import Eskiz
import EskizQueue
import EskizText
import GRDB

// How values stand in the tables. A code that has been written once keeps its meaning for ever.

/// A row that this version cannot have written.
struct UnreadableRow: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ value: some CustomStringConvertible) {
        description = "\(what) \(value)"
    }
}

/// A value with a fixed number in the tables.
protocol Coded: CaseIterable, Sendable {
    var code: Int { get }
}

extension Coded {
    init(code: Int) throws {
        guard let value = Self.allCases.first(where: { $0.code == code }) else {
            throw UnreadableRow("\(Self.self)", code)
        }
        self = value
    }
}

extension MessageState: Coded {
    /// The first of the states that most messages never see; they have an index.
    static let firstOfTheRare = MessageState.unknown.code

    var code: Int {
        switch self {
        case .scheduled: 0
        case .queued: 1
        case .sending: 2
        case .submitted: 3
        case .delivered: 4
        case .unknown: 5
        case .undelivered: 6
        case .failed: 7
        case .expired: 8
        case .cancelled: 9
        }
    }
}

extension Lane: Coded {
    var code: Int {
        switch self {
        case .otp: 0
        case .transactional: 1
        case .bulk: 2
        }
    }
}

extension MessageEncoding: Coded {
    var code: Int { dataCoding }
}

extension Message.Origin: Coded {
    var code: Int {
        switch self {
        case .api: 0
        case .eskiz: 1
        }
    }
}

extension Attempt.Phase: Coded {
    var code: Int {
        switch self {
        case .prepared: 0
        case .writing: 1
        case .answered: 2
        }
    }
}

extension Attempt.Outcome: Coded {
    var code: Int {
        switch self {
        case .taken: 0
        case .notTaken: 1
        case .unknown: 2
        case .abandoned: 3
        }
    }
}

extension WebhookDelivery.Format: Coded {
    var code: Int {
        switch self {
        case .standard: 0
        case .eskiz: 1
        }
    }
}

extension WebhookDelivery.Progress: Coded {
    var code: Int {
        switch self {
        case .pending: 0
        case .delivered: 1
        case .dead: 2
        }
    }
}

extension MessageStatus {
    /// A word from which the status can be read again.
    var storedWord: String {
        switch self {
        case .indefinite: "UNKNOWN"
        case .unrecognized(let word): word
        default: description.uppercased()
        }
    }
}

extension Timestamp: DatabaseValueConvertible, StatementColumnConvertible {
    var databaseValue: DatabaseValue { milliseconds.databaseValue }

    func bind(to sqliteStatement: SQLiteStatement, at index: CInt) -> CInt {
        milliseconds.bind(to: sqliteStatement, at: index)
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Self? {
        Int64.fromDatabaseValue(value).map { Self(milliseconds: $0) }
    }

    init?(sqliteStatement: SQLiteStatement, index: CInt) {
        self.init(milliseconds: Int64(sqliteStatement: sqliteStatement, index: index))
    }
}

extension MessageID: DatabaseValueConvertible, StatementColumnConvertible {
    var databaseValue: DatabaseValue { rawValue.databaseValue }

    func bind(to sqliteStatement: SQLiteStatement, at index: CInt) -> CInt {
        rawValue.bind(to: sqliteStatement, at: index)
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> Self? {
        Int64.fromDatabaseValue(value).map { Self($0) }
    }

    init?(sqliteStatement: SQLiteStatement, index: CInt) {
        self.init(Int64(sqliteStatement: sqliteStatement, index: index))
    }
}
