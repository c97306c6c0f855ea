package import EskizQueue

/// What every message store has to do, sentence by sentence: the definition of `MessageStore`.
///
/// A store's tests run each check on a store of its own that is new and empty:
///
/// ```swift
/// @Test(arguments: MessageStoreConformance.checks)
/// func `does what a store has to do`(_ check: MessageStoreConformance.Check) async throws {
///     try await check(on: MyStore())
/// }
/// ```
package enum MessageStoreConformance {
    /// One sentence and how it is tried.
    package struct Check: Sendable, CustomStringConvertible {
        package let description: String
        private let body: @Sendable (StoreBench) async throws -> Void

        init(_ sentence: String, _ body: @escaping @Sendable (StoreBench) async throws -> Void) {
            description = sentence
            self.body = body
        }

        /// - Throws: `ConformanceFailure`, which says what is wrong and where it was noticed.
        package func callAsFunction(on store: any MessageStore) async throws {
            do {
                try await body(StoreBench(store: store))
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }

    package static let checks: [Check] =
        accepting + amending + codes + claiming + batches + writing + settling + recovering + time + reports + ownership
        + unknown
        + late + webhooks + reading + searching + keys + activity + auditing + clock + concurrency + overlap + histories
}

/// A store does not do what it has to.
package struct ConformanceFailure: Error, CustomStringConvertible {
    package let description: String
}

/// Demands that something holds.
func expect(
    _ condition: Bool,
    _ what: @autoclosure () -> String,
    file: String = #fileID,
    line: Int = #line
) throws(ConformanceFailure) {
    if !condition { throw ConformanceFailure(description: "\(what()) (\(file):\(line))") }
}

/// Demands that two values are equal.
func expect<Value: Equatable>(
    _ value: Value,
    is wanted: Value,
    _ what: @autoclosure () -> String,
    file: String = #fileID,
    line: Int = #line
) throws(ConformanceFailure) {
    if value != wanted {
        var (got, expected) = ("", "")
        dump(value, to: &got)
        dump(wanted, to: &expected)
        throw ConformanceFailure(description: "\(what()): \(got) instead of \(expected) (\(file):\(line))")
    }
}

/// Demands that there is something.
func demand<Value>(
    _ value: Value?,
    _ what: @autoclosure () -> String,
    file: String = #fileID,
    line: Int = #line
) throws(ConformanceFailure) -> Value {
    guard let value else { throw ConformanceFailure(description: "\(what()) (\(file):\(line))") }
    return value
}
