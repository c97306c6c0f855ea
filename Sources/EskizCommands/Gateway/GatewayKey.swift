package import Eskiz
import EskizGateway
package import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `api-key` in the state directory: the key of whoever may read the file.
///
/// Made on the first `serve` if no other key is configured, and read by the verbs that ask a running gateway.
package struct GatewayKeyFile: Sendable {
    package let path: FilePath

    package init(stateDirectory: String) {
        path = FilePath(stateDirectory).appending("api-key")
    }

    /// The key; nil if there is no such file.
    package func read() throws(EskizError) -> String? {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            let text = try file.closeAfter {
                try String(unsafeUninitializedCapacity: 512) { buffer in
                    try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
            let key = text.filter { !$0.isWhitespace }
            guard key.utf8.count >= 16 else {
                throw EskizError(
                    .invalidConfiguration,
                    "The file \(path) does not hold an API key.",
                    remedy: "Delete it, and the next `eskiz serve` makes a new one."
                )
            }
            return key
        } catch let error as EskizError {
            throw error
        } catch let errno as Errno where errno == .noSuchFileOrDirectory {
            return nil
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "The API key in \(path) cannot be read: \(error).",
                remedy: "Give this user the right to read it, or set ESKIZ_API_KEYS."
            )
        }
    }

    /// Makes the file with a new key.
    package func make() throws(EskizError) -> String {
        let key = APIKeys.makeKey()
        do {
            let folder = path.removingLastComponent()
            if !FileManager.default.fileExists(atPath: folder.string) {
                try FileManager.default.createDirectory(
                    atPath: folder.string,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            }
            // Whole or not at all: a name of its own first, then the real one.
            let draft = folder.appending("api-key.new")
            let file = try FileDescriptor.open(
                draft,
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite
            )
            try file.closeAfter { _ = try file.writeAll((key + "\n").utf8) }
            try FileManager.default.moveItem(atPath: draft.string, toPath: path.string)
            return key
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "An API key cannot be written to \(path): \(error).",
                remedy: "Make the state directory writable (ESKIZ_STATE_DIR), or set ESKIZ_API_KEYS."
            )
        }
    }
}
