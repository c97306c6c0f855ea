#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The arguments as the system gave them.
///
/// Swift's own list puts U+FFFD in the place of bytes that are not UTF-8, and such a text would be sent and paid for.
enum RawArguments {
    /// The place of the first argument that is not UTF-8; the name of the program is at 0.
    static func firstUnreadable(in arguments: some Sequence<[UInt8]>) -> Int? {
        arguments.enumerated().first { String(validating: $0.element, as: UTF8.self) == nil }?.offset
    }

    /// What this process was started with.
    static var ofThisProcess: [[UInt8]] {
        // The system keeps the list and its texts as long as the process lives, and nobody writes to them.
        (0..<Int(CommandLine.argc)).map { index in
            guard let text = CommandLine.unsafeArgv[index] else { return [] }
            return UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
        }
    }
}
