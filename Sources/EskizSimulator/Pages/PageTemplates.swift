import EskizPages

/// A template of the simulator's pages: its name is that of its file in `Templates`.
enum PageTemplate: String, Sendable, CaseIterable {
    case bubble
    case call
    case callItem
    case callRow
    case calls
    case controls
    case exchange
    case faultList
    case inbox
    case message
    case notFound
    case quick
    case top
    case welcome

    /// The text of every template, by the name that partials call it.
    static let texts = PageFile.templates([
        "bubble": PackageResources.bubble_mustache,
        "call": PackageResources.call_mustache,
        "callItem": PackageResources.callItem_mustache,
        "callRow": PackageResources.callRow_mustache,
        "calls": PackageResources.calls_mustache,
        "controls": PackageResources.controls_mustache,
        "exchange": PackageResources.exchange_mustache,
        "faultList": PackageResources.faultList_mustache,
        "inbox": PackageResources.inbox_mustache,
        "message": PackageResources.message_mustache,
        "notFound": PackageResources.notFound_mustache,
        "quick": PackageResources.quick_mustache,
        "top": PackageResources.top_mustache,
        "welcome": PackageResources.welcome_mustache,
    ])
}
