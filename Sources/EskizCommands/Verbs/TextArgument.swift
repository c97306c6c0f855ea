import Eskiz
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A text on the command line, or `-` for stdin.
struct TextArgument {
    /// Nothing that fits into a message is longer; more would be a file given by mistake.
    static let longest = 1 << 16

    let typed: String

    init(_ typed: String) {
        self.typed = typed
    }

    /// The text without the newline that `echo` adds.
    func read(from input: FileDescriptor = .standardInput) throws(EskizError) -> String {
        guard typed == "-" else { return typed }
        var bytes: [UInt8] = []
        do {
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
            defer { chunk.deallocate() }
            while bytes.count <= Self.longest {
                try Self.awaitInput(input)
                let count = try input.read(into: chunk)
                if count == 0 { break }
                bytes += chunk[..<count]
            }
        } catch is CancellationError {
            throw EskizError(.cancelled, "The call was cancelled.", remedy: "", mayRepeat: true)
        } catch {
            throw EskizError(
                .invalidText,
                "The text cannot be read from stdin: \(error).",
                remedy: "Give the text as an argument."
            )
        }
        guard bytes.count <= Self.longest else {
            throw EskizError(
                .invalidText,
                "The text on stdin is longer than \(Self.longest) bytes.",
                remedy: "Give one message."
            )
        }
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw EskizError(
                .invalidText,
                "The text on stdin is not UTF-8.",
                remedy: "Convert it, for example with iconv."
            )
        }
        if text.last?.isNewline == true { text.removeLast() }
        return text
    }

    /// Waits until there is something to read, or the end of it.
    ///
    /// A read cannot be interrupted by Ctrl-C, which is caught so that a message in flight is reported; waiting can.
    private static func awaitInput(_ input: FileDescriptor) throws {
        var wanted = pollfd(fd: input.rawValue, events: Int16(POLLIN), revents: 0)
        while poll(&wanted, 1, 100) == 0 { try Task.checkCancellation() }
        try Task.checkCancellation()
    }
}
