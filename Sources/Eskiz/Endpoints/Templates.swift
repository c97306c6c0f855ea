// Texts that may be sent: eskiz-api.md §7, §8.2.

extension EskizClient {
    /// A text that was submitted for approval.
    public struct Template: Sendable, Hashable, Decodable {
        /// Its number.
        public var id: Int64?
        /// The text with its variable parts masked; empty until a moderator has published it.
        public var text: String
        /// The text as it was submitted.
        public var originalText: String
        /// Whether it may be sent.
        public var status: TemplateStatus

        /// Reads a row.
        public init(from decoder: any Decoder) throws {
            let row = try decoder.container(keyedBy: WireKey.self)
            id = row.integer("id")
            text = row.text("template") ?? ""
            originalText = row.text("original_text") ?? ""
            status = TemplateStatus(row.text("status") ?? "")
        }
    }
}

/// Whether a text may be sent, and at which price.
public enum TemplateStatus: Sendable, Hashable, CustomStringConvertible {
    /// Waiting for a moderator.
    case moderation
    /// A moderator is looking at it.
    case inProcess
    /// Approved, at the price of service messages.
    case service
    /// Approved, at the price of advertising.
    case advertising
    /// Refused.
    case rejected
    /// A word this version does not know, as it came.
    case unrecognized(String)

    /// Reads Eskiz's words, its misspelling included.
    public init(_ text: String) {
        self =
            switch text.lowercased() {
            case "moderation": .moderation
            case "inproccess", "inprocess", "in_process": .inProcess
            case "service": .service
            case "reklama": .advertising
            case "rejected": .rejected
            default: .unrecognized(text)
            }
    }

    /// True when the text may be sent.
    public var isApproved: Bool { self == .service || self == .advertising }

    /// The stable name: `moderation`, `in_process`, `service`, `advertising`, `rejected`.
    public var description: String {
        switch self {
        case .moderation: "moderation"
        case .inProcess: "in_process"
        case .service: "service"
        case .advertising: "advertising"
        case .rejected: "rejected"
        case .unrecognized(let text): text
        }
    }
}

/// `{"success":true,"result":[…]}`.
struct TemplateList: Decodable {
    var templates: [EskizClient.Template]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard container.contains("result") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no templates"))
        }
        templates = container.list(EskizClient.Template.self, "result")
    }
}

/// `{"template":"…"}`: the text comes back, and no id.
struct AddedTemplate: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard let text = container.text("template") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no template"))
        }
        self.text = text
    }
}

enum TemplateRequest {
    static let list = EndpointRequest.get("user/templates", .templates)

    static func add(_ text: String) -> EndpointRequest {
        .form("user/template", [("template", text)], .addTemplate)
    }
}
