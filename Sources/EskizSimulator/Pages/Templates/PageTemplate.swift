/// Every template by the name that partials call it.
enum PageTemplate: String, Sendable, CaseIterable {
    case top, call, calls, callRow, callItem, controls, exchange, inbox, message, notFound, quick
    case bubble, welcome, faultList

    var text: String {
        switch self {
        case .top: Self.topText
        case .inbox: Self.inboxText
        case .bubble: Self.bubbleText
        case .welcome: Self.welcomeText
        case .message: Self.messageText
        case .exchange: Self.exchangeText
        case .calls: Self.callsText
        case .call: Self.callText
        case .callRow: Self.callRowText
        case .callItem: Self.callItemText
        case .controls: Self.controlsText
        case .quick: Self.quickText
        case .faultList: Self.faultListText
        case .notFound: Self.notFoundText
        }
    }
}
