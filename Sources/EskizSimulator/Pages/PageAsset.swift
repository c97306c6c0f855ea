/// A file that the pages link to: a constant of the program, so that one binary is all there is to ship.
struct PageAsset: Sendable {
    let name: String
    let contentType: String
    let body: [UInt8]
    /// Changes with the content (FNV-1a, 64 bits): nobody attacks a cache of this machine by collisions.
    let tag: String

    init(name: String, contentType: String, text: String) {
        self.name = name
        self.contentType = contentType
        body = Array(text.utf8)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        tag = String(hash, radix: 16)
    }

    /// The address names the content, so that it can be kept for ever.
    var address: String { "/assets/\(name)?v=\(tag)" }

    static let style = PageAsset(name: "inbox.css", contentType: "text/css; charset=utf-8", text: PageStyle.text)
    static let script = PageAsset(
        name: "inbox.js",
        contentType: "text/javascript; charset=utf-8",
        text: PageScript.text
    )
    static let icon = PageAsset(name: "icon.svg", contentType: "image/svg+xml", text: PageIcon.text)

    static let all = [style, script, icon]

    static func named(_ name: String) -> PageAsset? { all.first { $0.name == name } }

    /// The file, or 304 when the browser has it.
    func answer(version: String?, ifNoneMatch: String?) -> Answer {
        let validator = "\"\(tag)\""
        let caching = version == tag ? "public, max-age=31536000, immutable" : "no-cache"
        let headers: [Answer.Header] = [
            .init(name: "ETag", value: validator), .init(name: "Cache-Control", value: caching),
        ]
        let known = (ifNoneMatch ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        if known.contains("*") || known.contains(where: { $0 == validator || $0 == "W/\(validator)" }) {
            return Answer(status: 304, contentType: contentType, headers: headers, body: [])
        }
        return Answer(status: 200, contentType: contentType, headers: headers, body: body)
    }
}
