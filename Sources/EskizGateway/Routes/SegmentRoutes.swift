import EskizText
import HTTPTypes
import Hummingbird

/// What a text costs before it is sent, without asking anybody.
struct SegmentRoutes: Sendable {
    func add(to writes: RouterGroup<GatewayContext>) {
        writes.post("/v1/segments") { try await measure($0, $1) }
    }

    private func measure(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.identified()
        try QueryParameters(request.uri.query, known: []).check()
        var fields = FieldReader(try await request.json(), known: ["text"])
        let text = fields.requiredString("text")
        if let text, let error = MessageRules.textError(text) { fields.note("text", error.code, error.detail) }
        guard fields.errors.isEmpty, let text else { throw Problem.validation(fields.errors) }
        let normalized = UzbekNormalizer().normalize(text)
        do throws(MessageTextError) {
            // No network carries more; what the gateway sends is limited further.
            try MessageTextRules(maximumSegments: 255).checkLength(normalized.before)
        } catch {
            throw Problem.validation([.init("text", error.code, error.summary)])
        }
        return .json(
            JSONWriter.object { answer in
                answer.segmentation(normalized.before)
                answer.name("normalized")
                answer.object { answer in
                    answer.member("text", normalized.text)
                    answer.segmentation(normalized.after)
                    answer.member("replacements", normalized.replacementCount)
                    answer.member("segments_saved", normalized.segmentsSaved)
                }
            }
        )
    }
}

extension JSONWriter {
    fileprivate mutating func segmentation(_ segmentation: Segmentation) {
        member("encoding", segmentation.encoding.rawValue)
        member("segments", segmentation.segmentCount)
        member("units", segmentation.units)
        member("units_per_segment", segmentation.unitsPerSegment)
        member("units_left", segmentation.unitsLeft)
    }
}
