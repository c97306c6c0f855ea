import EskizPages

/// Every template of the operator's pages, by the name that pages and partials call it: that of its file in `Templates`.
enum PageTemplates {
    static let all = PageFile.templates([
        "attention": PackageResources.attention_mustache,
        "audit": PackageResources.audit_mustache,
        "bulk": PackageResources.bulk_mustache,
        "cards": PackageResources.cards_mustache,
        "chart": PackageResources.chart_mustache,
        "codes": PackageResources.codes_mustache,
        "conversionRow": PackageResources.conversionRow_mustache,
        "message": PackageResources.message_mustache,
        "messageActions": PackageResources.messageActions_mustache,
        "messageRow": PackageResources.messageRow_mustache,
        "messages": PackageResources.messages_mustache,
        "moment": PackageResources.moment_mustache,
        "note": PackageResources.note_mustache,
        "overview": PackageResources.overview_mustache,
        "pace": PackageResources.pace_mustache,
        "remark": PackageResources.remark_mustache,
        "settleForm": PackageResources.settleForm_mustache,
        "signIn": PackageResources.signIn_mustache,
        "suppressions": PackageResources.suppressions_mustache,
        "top": PackageResources.top_mustache,
    ])
}
