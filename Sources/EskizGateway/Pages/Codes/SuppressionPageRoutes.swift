import EskizPages
import EskizQueue
import EskizText
import EskizWords
import Hummingbird

/// Phones that get nothing, on the operator's pages.
struct SuppressionPageRoutes: Sendable {
    static let limit = 50

    let responder: PageResponder
    let queue: MessageQueue
    let list: any SuppressionStore

    func add(to router: Router<GatewayContext>) {
        responder.get("/suppressions", on: router) { visit, _ in try await show(visit) }
        responder.post("/suppressions", on: router) { visit, form, _ in try await act(visit, form) }
    }

    private func show(_ visit: PageVisit) async throws -> Page {
        let phone = visit["q"].map { (try? PhoneNumber($0))?.digits ?? "none" }
        let search = SuppressionSearch(
            phone: phone,
            before: visit["before"].flatMap { Int64($0) },
            limit: Self.limit + 1
        )
        return SuppressionView(
            visit: visit,
            search: search,
            entries: try await list.suppressions(search),
            count: try await list.suppressionCount(),
            now: queue.clock.timestamp
        ).page
    }

    private func act(_ visit: PageVisit, _ form: FormFields) async throws -> PageRedirect {
        guard let caller = visit.session?.identity else { return PageRedirect(to: "/suppressions") }
        let notice: Notice
        switch form["action"] {
        case "add": notice = try await add(form, caller)
        case "remove": notice = try await remove(form, caller)
        default:
            throw PageRefusal(
                heading: visit.say(.failed),
                hint: visit.language.say(ActionPhrase.unknownAction),
                status: .badRequest
            )
        }
        return PageRedirect(to: "/suppressions", notice: notice)
    }

    private func add(_ form: FormFields, _ caller: APIKeyIdentity) async throws -> Notice {
        let file = SuppressionFile(form["phones"] ?? "")
        let reason = form["reason"] ?? ""
        guard file.errors.isEmpty, !file.rows.isEmpty else {
            let lines =
                file.errors.isEmpty ? "1" : file.errors.prefix(10).map { String($0.line) }.joined(separator: ", ")
            return Notice(.bad, SuppressionPhrase.suppressionLines, ["lines": lines])
        }
        guard file.rows.count <= Suppression.largestStep else {
            return Notice(.bad, SuppressionPhrase.suppressionTooMany, ["count": String(Suppression.largestStep)])
        }
        guard reason.isEmpty || PlainText.problem(reason, upTo: Suppression.reasonLimit) == nil else {
            return Notice(.bad, SuppressionPhrase.suppressionReasonWrong, ["count": String(Suppression.reasonLimit)])
        }
        let scope = form["scope"].flatMap(Suppression.Scope.init(rawValue:)) ?? .all
        var entries: [String: Suppression] = [:]
        for row in file.rows {
            entries[row.phone.digits] = Suppression(
                phone: row.phone.digits,
                scope: row.scope ?? scope,
                reason: row.reason ?? reason,
                addedAt: queue.clock.timestamp,
                addedBy: caller.name
            )
        }
        let all = entries.values.sorted { $0.phone < $1.phone }
        let added = try await SuppressionActions(list: list, queue: queue).suppress(all, by: caller)
        return Notice(
            .good,
            SuppressionPhrase.suppressionAdded,
            ["added": String(added), "changed": String(all.count - added)]
        )
    }

    /// By its number on the list: the page does not have the phone.
    private func remove(_ form: FormFields, _ caller: APIKeyIdentity) async throws -> Notice {
        guard let number = form["number"].flatMap({ Int64($0) }), number < .max,
            let entry = try await list.suppressions(SuppressionSearch(before: number + 1, limit: 1)).first,
            entry.number == number
        else { return Notice(.bad, FramePhrase.notFound) }
        _ = try await SuppressionActions(list: list, queue: queue).unsuppress([entry.phone], by: caller)
        return Notice(.good, SuppressionPhrase.suppressionRemoved)
    }
}

/// The list, the last one first.
struct SuppressionView {
    let visit: PageVisit
    let search: SuppressionSearch
    /// One more than fit tells that there are older ones.
    let entries: [Suppression]
    let count: Int
    let now: Timestamp

    var page: Page {
        let shown = entries.prefix(SuppressionPageRoutes.limit)
        let older = entries.count > shown.count ? shown.last.map { String($0.number) } : nil
        return Page(
            "suppressions",
            at: .codes,
            title: visit.language.say(SuppressionPhrase.suppressions),
            context: PageContext(filling: [
                "count": visit.language.grouped(count),
                "query": visit["q"] ?? "",
                "hasEntries": !shown.isEmpty,
                "entries": shown.map(row),
                "olderHref": older.map { visit.address(changing: [("before", $0)]) },
                "newestHref": search.before.map { _ in visit.address(changing: [("before", nil)]) },
            ])
        )
    }

    private func row(_ entry: Suppression) -> PageContext {
        PageContext(filling: [
            "number": String(entry.number),
            "phone": (try? PhoneNumber(internationalDigits: entry.phone))?.masked ?? "***",
            "isAll": entry.scope == .all,
            "scope": visit.language.say(SuppressionPhrase(entry.scope)),
            "reason": entry.reason.isEmpty ? nil : entry.reason,
            "when": PageTime(entry.addedAt).context(now: now),
            "who": entry.addedBy,
        ])
    }
}
