package import Eskiz

/// A row of Eskiz's that a message is known to have.
package struct KnownRow: Sendable, Hashable {
    package var messageID: MessageID
    /// Eskiz's UUID: one for all messages of a batch.
    package var providerID: String?
    /// Eskiz's number of the row; nil where nobody has told it.
    package var providerNumber: String?

    package init(messageID: MessageID, providerID: String?, providerNumber: String?) {
        self.messageID = messageID
        self.providerID = providerID
        self.providerNumber = providerNumber
    }
}

/// Which rows are known to be whose, so that no row is taken for two messages, however far apart they are looked for.
package struct KnownRows: Sendable {
    private var byNumber: [String: Set<MessageID>] = [:]
    /// Only of messages whose number at Eskiz is not known: a UUID that comes with a number says nothing about other numbers.
    private var byUUID: [String: Set<MessageID>] = [:]

    package init(_ rows: [KnownRow] = []) {
        struct Reference: Hashable {
            var message: MessageID
            var uuid: String
        }
        var numbered: Set<Reference> = []
        for row in rows {
            guard let number = row.providerNumber else { continue }
            byNumber[number, default: []].insert(row.messageID)
            if let uuid = row.providerID { numbered.insert(Reference(message: row.messageID, uuid: uuid)) }
        }
        for row in rows {
            guard let uuid = row.providerID, !numbered.contains(Reference(message: row.messageID, uuid: uuid)) else {
                continue
            }
            byUUID[uuid, default: []].insert(row.messageID)
        }
    }

    /// Whether a row is another message's than this one's.
    package func isTaken(_ row: EskizClient.MessageRecord, for id: MessageID) -> Bool {
        if let number = row.id, let owners = byNumber[String(number)] { return !owners.subtracting([id]).isEmpty }
        if let uuid = row.requestID, let owners = byUUID[uuid] { return !owners.subtracting([id]).isEmpty }
        return false
    }

    /// Whether a row can be remembered as somebody's.
    package static func canKeep(_ row: EskizClient.MessageRecord) -> Bool {
        row.id != nil || !(row.requestID ?? "").isEmpty
    }
}
