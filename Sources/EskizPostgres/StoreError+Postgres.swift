import Eskiz
package import EskizQueue

extension StoreError {
    /// What PostgreSQL could not do, as a store says it.
    package init(_ error: PostgresError) {
        let code: Code =
            switch error.kind {
            case .diskFull: .diskFull
            case .readOnly: .readOnly
            case .lockTimeout: .locked
            case .corrupt: .corrupt
            case .schemaNewer: .newerSchema
            default: .unavailable
            }
        self.init(
            code,
            Sentence(verbatim: error.summary),
            remedy: Sentence(verbatim: error.remedy),
            cause: error
        )
    }
}
