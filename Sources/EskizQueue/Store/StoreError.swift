package import Eskiz

/// What a store could not do, and what to do about it.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// A stable, comparable name for the kind of failure.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String

        package init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        package var description: String { rawValue }

        /// The disk is full.
        package static let diskFull = Self("disk_full")
        /// The file or its folder cannot be written.
        package static let readOnly = Self("read_only")
        /// Somebody else holds the database.
        package static let locked = Self("database_locked")
        /// The file is not a database, or a damaged one.
        package static let corrupt = Self("database_corrupt")
        /// It was written by a newer version.
        package static let newerSchema = Self("database_newer")
        /// Anything else that keeps it from answering: input and output, a lost connection.
        package static let olderSchema = Self("database_older")
        package static let unavailable = Self("store_unavailable")
        /// The claim is no longer the caller's: another one has begun.
        package static let lostClaim = Self("lost_claim")
        /// There is an API key with this id already.
        package static let keyExists = Self("key_exists")
    }

    package let code: Code
    /// What happened: one sentence without secrets, phones or texts.
    package let what: Sentence
    /// What to do: one sentence.
    package let advice: Sentence
    /// In English.
    package var summary: String { what.description }
    package var remedy: String { advice.description }
    package let cause: (any Error)?

    package init(_ code: Code, _ summary: Sentence, remedy: Sentence, cause: (any Error)? = nil) {
        self.code = code
        what = summary
        advice = remedy
        self.cause = cause
    }

    package var description: String { "\(summary) \(remedy)" }

    /// There is an API key with this id already.
    package static func keyExists(_ id: String) -> Self {
        Self(.keyExists, "There is an API key \(id) already.", remedy: "Choose another id.")
    }

    /// The claim is no longer the caller's.
    package static func lostClaim(of id: MessageID) -> Self {
        Self(.lostClaim, "Message \(id) has been claimed again.", remedy: "Leave it to whoever has it now.")
    }
}
