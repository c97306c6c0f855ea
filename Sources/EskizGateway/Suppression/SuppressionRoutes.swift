import EskizHTTP
import EskizQueue
import EskizText
import HTTPTypes
import Hummingbird

/// `/v1/suppressions`: phones that get nothing, or nothing in bulk.
///
/// A phone is never part of a path: those are in logs.
struct SuppressionRoutes: Sendable {
    /// Nil where the store keeps no list.
    let list: (any SuppressionStore)?
    let queue: MessageQueue

    static let fields: Set<String> = ["suppressions"]
    static let entryFields: Set<String> = ["to", "scope", "reason"]

    func add(reads: RouterGroup<GatewayContext>, writes: RouterGroup<GatewayContext>) {
        reads.get("/v1/suppressions") { try await show($0, $1) }
        writes.post("/v1/suppressions") { try await suppress($0, $1) }
        writes.post("/v1/suppressions/remove") { try await remove($0, $1) }
    }

    private var kept: any SuppressionStore {
        get throws {
            guard let list else {
                throw Problem(.notReady, "This gateway's database keeps no such list yet.", retryAfter: .seconds(3_600))
            }
            return list
        }
    }

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.admin)
        var query = QueryParameters(request.uri.query, known: ["before", "limit"])
        let before = query["before"].map { Int64($0) }
        if case .some(nil) = before { query.note("before", "invalid_number", "`before` is a `next` of this list.") }
        let limit = query["limit"].map { Int($0) } ?? 50
        if limit.map({ !(1...SuppressionSearch.maximumLimit).contains($0) }) ?? true {
            query.note(
                "limit",
                "out_of_range",
                "`limit` is a whole number from 1 to \(SuppressionSearch.maximumLimit)."
            )
        }
        try query.check()
        let found = try await kept.suppressions(SuppressionSearch(before: before ?? nil, limit: limit ?? 50))
        let next = found.count == limit ? found.last.map { String($0.number) } : nil
        return .json(
            JSONWriter.object { answer in
                answer.name("suppressions")
                answer.array(found) { answer, entry in
                    answer.object { answer in
                        answer.member("to", "+" + entry.phone)
                        answer.member("scope", entry.scope.rawValue)
                        answer.member("reason", entry.reason)
                        answer.member("added_at", entry.addedAt)
                        answer.member("added_by", entry.addedBy)
                    }
                }
                answer.nullable("next", next)
            }
        )
    }

    private func suppress(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.admin)
        try QueryParameters(request.uri.query, known: []).check()
        let entries = try SuppressionFields.entries(
            try await request.json(),
            by: caller,
            at: queue.clock.timestamp
        )
        let added = try await SuppressionActions(list: kept, queue: queue).suppress(entries, by: caller)
        return .json(
            JSONWriter.object { answer in
                answer.member("added", added)
                answer.member("changed", entries.count - added)
            }
        )
    }

    private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.admin)
        try QueryParameters(request.uri.query, known: []).check()
        let phones = try SuppressionFields.phones(try await request.json())
        let removed = try await SuppressionActions(list: kept, queue: queue).unsuppress(phones, by: caller)
        return .json(JSONWriter.object { $0.member("removed", removed) })
    }
}

/// What people do to the list; each leaves a line in the audit.
struct SuppressionActions: Sendable {
    let list: any SuppressionStore
    let queue: MessageQueue

    func suppress(_ entries: [Suppression], by caller: APIKeyIdentity) async throws(StoreError) -> Int {
        let added = try await list.suppress(entries)
        try await audit(caller, .suppress, "phones: \(entries.count), new: \(added)")
        return added
    }

    func unsuppress(_ phones: [String], by caller: APIKeyIdentity) async throws(StoreError) -> Int {
        let removed = try await list.unsuppress(phones)
        try await audit(caller, .unsuppress, "phones: \(removed)")
        return removed
    }

    private func audit(_ caller: APIKeyIdentity, _ action: AuditAction, _ detail: String) async throws(StoreError) {
        try await Audit(store: queue.store, clock: queue.clock).write(caller, action, detail: detail)
    }
}

/// Reads what the two calls are asked.
enum SuppressionFields {
    static func entries(
        _ json: RequestJSON,
        by caller: APIKeyIdentity,
        at now: Timestamp
    ) throws -> [Suppression] {
        var fields = FieldReader(json, known: SuppressionRoutes.fields)
        let items = try items("suppressions", &fields)
        var entries: [String: Suppression] = [:]
        for (index, item) in items.enumerated() {
            var entry = FieldReader(item, known: SuppressionRoutes.entryFields, field: "suppressions[\(index)]")
            let text = entry.requiredString("to")
            var phone: String?
            if let text { phone = digits(text, &entry, "to") }
            let scope = scope(&entry)
            let reason = entry.plainText("reason", upTo: Suppression.reasonLimit) ?? ""
            for error in entry.errors {
                let field =
                    error.field.hasPrefix("suppressions[") ? error.field : "suppressions[\(index)].\(error.field)"
                fields.note(field, error.code, error.detail)
            }
            guard let phone, let scope else { continue }
            entries[phone] = Suppression(
                phone: phone,
                scope: scope,
                reason: reason,
                addedAt: now,
                addedBy: caller.name
            )
        }
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
        return entries.values.sorted { $0.phone < $1.phone }
    }

    static func phones(_ json: RequestJSON) throws -> [String] {
        var fields = FieldReader(json, known: ["to"])
        let items = try items("to", &fields)
        var phones: Set<String> = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                fields.note("to[\(index)]", "wrong_type", "This must be a string.")
                continue
            }
            if let phone = digits(text, &fields, "to[\(index)]") { phones.insert(phone) }
        }
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
        return phones.sorted()
    }

    private static func items(_ name: String, _ fields: inout FieldReader) throws -> [RequestJSON] {
        switch fields.value(name) {
        case .array(let items) where (1...Suppression.largestStep).contains(items.count): return items
        case .array:
            fields.note(name, "out_of_range", "`\(name)` has 1 to \(Suppression.largestStep) entries.")
        case nil: fields.note(name, "required", "`\(name)` is missing.")
        default: fields.note(name, "wrong_type", "`\(name)` must be a list.")
        }
        throw Problem.validation(fields.errors)
    }

    private static func scope(_ entry: inout FieldReader) -> Suppression.Scope? {
        guard let text = entry.string("scope") else { return .all }
        guard let scope = Suppression.Scope(rawValue: text) else {
            entry.note("scope", "unknown_scope", "`scope` is `all` or `bulk`.")
            return nil
        }
        return scope
    }

    private static func digits(_ text: String, _ fields: inout FieldReader, _ name: String) -> String? {
        do throws(PhoneNumberError) {
            return try PhoneNumber(text).digits
        } catch {
            fields.note(name, "invalid_phone", error.description)
            return nil
        }
    }
}

extension Problem {
    static let suppressedDetail = "The phone is on the list of those that get no such message. Nothing was sent."

    /// Phones of a request that get nothing, by their places among `count` messages.
    static func suppressed(_ places: [Int], of count: Int) -> Problem {
        .validation(
            places.map { place in
                FieldError(count == 1 ? "to" : "messages[\(place)].to", "suppressed", suppressedDetail)
            }
        )
    }
}
