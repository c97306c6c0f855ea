import EskizQueue

extension MemoryMessageStore.State {
    mutating func audit(_ line: AuditLine) {
        var line = line
        line.id = nextAudit
        nextAudit += 1
        auditLines.append(line)
    }

    mutating func pruneAudit(before: Timestamp, limit: Int) -> Int {
        let old = Set(auditLines.filter { $0.at < before }.map(\.id).prefix(max(0, limit)))
        auditLines.removeAll { old.contains($0.id) }
        return old.count
    }
}
