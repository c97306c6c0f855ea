/// The arithmetic of a Laravel-like paginator whose rows are under `result` (`eskiz-api.md` §6.2).
struct MessagePages: Sendable {
    let total: Int
    let size: Int
    let current: Int
    let path: String

    var last: Int { max(1, (total + size - 1) / size) }
    var offset: Int { (current - 1) * size }
    /// The place of the first row of this page, 0 on an empty one.
    var from: Int { offset < total ? offset + 1 : 0 }
    var to: Int { from == 0 ? 0 : min(total, offset + size) }

    func url(_ page: Int) -> String { "\(path)?page=\(page)" }

    private var previousURL: JSON { current > 1 ? .string(url(current - 1)) : .null }
    private var nextURL: JSON { current < last ? .string(url(current + 1)) : .null }

    func document(result: JSON) -> JSON {
        [
            "current_page": .int(current), "path": .string(path), "prev_page_url": previousURL,
            "first_page_url": .string(url(1)), "last_page_url": .string(url(last)), "next_page_url": nextURL,
            "per_page": .int(size), "last_page": .int(last), "from": .int(from), "to": .int(to), "total": .int(total),
            "result": result, "links": .array(links),
        ]
    }

    /// Previous, the pages, Next; long lists leave out the middle.
    private var links: [JSON] {
        func link(_ url: JSON, _ label: String, _ isActive: Bool) -> JSON {
            ["url": url, "label": .string(label), "active": .bool(isActive)]
        }
        var links = [link(previousURL, "&laquo; Previous", false)]
        var previous = 0
        for page in 1...last where last <= 12 || page <= 2 || page > last - 2 || abs(page - current) <= 3 {
            if page > previous + 1 { links.append(link(.null, "...", false)) }
            links.append(link(.string(url(page)), String(page), page == current))
            previous = page
        }
        links.append(link(nextURL, "Next &raquo;", false))
        return links
    }
}
