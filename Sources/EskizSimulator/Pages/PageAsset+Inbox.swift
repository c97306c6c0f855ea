import EskizPages

extension PageAsset {
    static let style = PageAsset.style(
        "inbox.css",
        [PackageResources.inbox_css, PackageResources.inbox_calls_css, PackageResources.inbox_controls_css],
        small: [PackageResources.inbox_small_css]
    )
    static let script = PageAsset.script("inbox.js", PackageResources.inbox_js)

    static let all = [style, script, icon]

    static func named(_ name: String) -> PageAsset? { all.first { $0.name == name } }

    /// The file, or 304 when the browser has it.
    func answer(version: String?, ifNoneMatch: String?) -> Answer {
        let headers: [Answer.Header] = [
            .init(name: "ETag", value: validator), .init(name: "Cache-Control", value: caching(version: version)),
        ]
        let isKnown = isKnown(by: ifNoneMatch)
        return Answer(
            status: isKnown ? 304 : 200,
            contentType: contentType,
            headers: headers,
            body: isKnown ? [] : body
        )
    }
}
