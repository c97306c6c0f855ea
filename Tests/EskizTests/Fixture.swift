import Eskiz
import Foundation

/// An answer of Eskiz from the folder `Fixtures`.
enum Fixture {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    static func response(_ name: String, status: Int = 200) throws -> TransportResponse {
        TransportResponse(
            status: status,
            headers: [TransportHeader("Content-Type", "application/json")],
            body: Array(try text(name).utf8)
        )
    }
}
