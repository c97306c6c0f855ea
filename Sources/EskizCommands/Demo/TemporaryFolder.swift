import Eskiz
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder of our own that is gone afterwards.
struct TemporaryFolder: Sendable {
    let path: FilePath

    static func make() throws(EskizError) -> TemporaryFolder {
        let folder = FileManager.default.temporaryDirectory.appending(path: "eskiz-\(UUID().uuidString)")
        let path = FilePath(folder.path(percentEncoded: false))
        do {
            try LogFile.makeDirectories(to: path)
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "The temporary folder \(path) cannot be made: \(error).",
                remedy: "Set TMPDIR to a folder that is writable."
            )
        }
        return TemporaryFolder(path: path)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
