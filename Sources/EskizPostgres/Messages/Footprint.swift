import EskizQueue
import EskizVerify

/// What an operation is going to look at, so that a group of them fetches and locks it in one step each.
///
/// Whatever is left out is fetched when it is asked for.
struct Footprint: Sendable {
    /// Codes for one phone and purpose of one key: of them one may wait.
    struct CodeKey: Hashable, Sendable {
        var phone: String
        var purpose: String
        var apiKeyID: String

        init?(_ new: NewMessage) {
            guard new.lane == .otp, let purpose = new.purpose else { return nil }
            phone = new.phone
            self.purpose = purpose
            apiKeyID = new.apiKeyID
        }

        init?(_ message: Message, purpose: String?) {
            guard message.lane == .otp, let purpose else { return nil }
            phone = message.phone
            self.purpose = purpose
            apiKeyID = message.apiKeyID
        }
    }

    /// A sum of one period.
    struct SumName: Hashable, Sendable, Comparable {
        var name: String
        var period: Int64

        static func < (left: Self, right: Self) -> Bool { (left.name, left.period) < (right.name, right.period) }
    }

    struct KeyName: Hashable, Sendable {
        var apiKeyID: String
        var key: String

        init(_ key: IdempotencyKey) {
            self.init(apiKeyID: key.apiKeyID, key: key.key)
        }

        init(apiKeyID: String, key: String) {
            self.apiKeyID = apiKeyID
            self.key = key
        }
    }

    /// Messages that are changed.
    var messages: Set<MessageID> = []
    /// Messages whose reports are looked at.
    var histories: Set<MessageID> = []
    /// UUIDs of Eskiz's that are learnt, or looked for.
    var providers: Set<String> = []
    var codes: Set<CodeKey> = []
    var keys: Set<KeyName> = []
    /// Phones to which something is to be sent.
    var phones: Set<String> = []
    /// Numbers of new messages, and for when.
    var numbers = 0
    var numbersAt = Timestamp(milliseconds: .min)
    /// How many reports are written at most.
    var reports = 0
    /// Whom codes are counted by: each is one transaction's at a time, in the whole fleet.
    var subjects: Set<String> = []
    /// Verifications of which only the id is known, and whether another SMS is to be sent for it.
    var verifications: [VerificationID: Bool] = [:]
    /// What is counted for all together, and how far: nobody waits for it, and a transaction that goes too far is undone.
    var ceilings: [SumName: Int] = [:]

    /// Whether nothing is to be fetched and locked.
    var isEmpty: Bool {
        messages.isEmpty && histories.isEmpty && providers.isEmpty && codes.isEmpty && keys.isEmpty && phones.isEmpty
            && reports == 0 && subjects.isEmpty && verifications.isEmpty && ceilings.isEmpty
    }

    mutating func merge(_ other: Self) {
        messages.formUnion(other.messages)
        histories.formUnion(other.histories)
        providers.formUnion(other.providers)
        codes.formUnion(other.codes)
        keys.formUnion(other.keys)
        phones.formUnion(other.phones)
        numbers += other.numbers
        numbersAt = max(numbersAt, other.numbersAt)
        reports += other.reports
        subjects.formUnion(other.subjects)
        verifications.merge(other.verifications) { $0 || $1 }
        ceilings.merge(other.ceilings) { min($0, $1) }
    }

    /// What nobody else may do meanwhile, as PostgreSQL's advisory locks name it: for things that have no row yet.
    ///
    /// In the order in which everybody takes them. Two things with one number only wait for each other.
    var locks: [Int64] {
        let names =
            providers.map { "uuid " + $0 } + codes.map { "code \($0.apiKeyID) \($0.phone) \($0.purpose)" }
            + subjects.map { "verify " + $0 }
        return Set(names.map(Self.lock)).sorted()
    }

    /// FNV-1a: the same on every host.
    static func lock(_ name: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}
