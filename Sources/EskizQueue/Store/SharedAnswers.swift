/// What several gateways want to know of Eskiz, and one of them asks.
package protocol SharedAnswers: Sendable {
    /// What was asked of Eskiz once for all.
    ///
    /// - Parameters:
    ///   - name: of what was asked.
    ///   - freshness: an older answer is to be asked for anew, by one of those who want it.
    ///   - patience: whoever has the turn and says nothing for so long has lost it.
    /// - Returns: the last answer, and whether the caller is the one to ask.
    /// - Throws: `StoreError` if the store cannot be asked.
    func sharedAnswer(
        to name: String,
        freshness: Duration,
        patience: Duration
    ) async throws(StoreError) -> SharedAnswer

    /// Says what came of a question that it was the caller's turn to ask.
    ///
    /// - Parameters:
    ///   - document: the answer; nil if there was none, and another one may try.
    ///   - name: of what was asked.
    /// - Throws: `StoreError` if it cannot be kept.
    func share(_ document: [UInt8]?, as name: String) async throws(StoreError)
}

/// What one of several gateways has asked Eskiz for all, and whose turn it is to ask anew.
package struct SharedAnswer: Sendable, Hashable {
    /// What Eskiz said last; nil if nobody has asked.
    package var document: [UInt8]?
    package var age: Duration
    /// Nobody else asks now: whoever is told so asks, and says what came of it.
    package var isOurTurn: Bool

    package init(document: [UInt8]?, age: Duration, isOurTurn: Bool) {
        self.document = document
        self.age = age
        self.isOurTurn = isOurTurn
    }
}
