package import EskizWords
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a verb writes: results to one stream, everything else to the other.
package struct StandardStreams: Sendable {
    package let output: FileDescriptor
    package let error: FileDescriptor
    /// Columns of the terminal behind `output`, nil if there is none.
    package let outputWidth: Int?
    package let isErrorTerminal: Bool
    package let isInputTerminal: Bool
    /// Colours are wanted: a terminal, no `NO_COLOR`, and not a dumb one.
    package let isColoured: Bool

    package init(
        output: FileDescriptor = .standardOutput,
        error: FileDescriptor = .standardError,
        environment: [String: String]
    ) {
        self.output = output
        self.error = error
        outputWidth = Self.width(of: output)
        isErrorTerminal = isatty(error.rawValue) == 1
        isInputTerminal = isatty(STDIN_FILENO) == 1
        // no-color.org: present and not empty, regardless of its value.
        isColoured = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    var isOutputTerminal: Bool { outputWidth != nil }

    package func page(in language: Language) -> Page {
        Page(language: language, ink: isColoured && isOutputTerminal ? .coloured : .plain, width: outputWidth)
    }

    package func errorPage(in language: Language) -> Page {
        Page(language: language, ink: isColoured && isErrorTerminal ? .coloured : .plain, width: nil)
    }

    /// Writes a result and a newline, all of it or an error.
    package func writeResult(_ text: String) throws(OutputFailure) {
        let line = text.hasSuffix("\n") || text.isEmpty ? text : text + "\n"
        do {
            try output.writeAll(line.utf8)
        } catch let errno as Errno {
            throw errno == .brokenPipe ? .readerGone : .failed(errno.description)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Writes a line for people.
    ///
    /// A closed stderr is nobody's problem.
    package func writeNote(_ text: String) {
        _ = try? error.writeAll((text + "\n").utf8)
    }

    /// Occupies the numbers 0 to 2 where the caller left them closed, so that no file of ours is opened as "stdout" and
    /// gets results written into it.
    ///
    /// Opened for reading, they still fail when written to, as closed ones would.
    static func reserveDescriptors() {
        while true {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard (0...2).contains(descriptor) else {
                if descriptor > 2 { close(descriptor) }
                return
            }
        }
    }

    private static func width(of descriptor: FileDescriptor) -> Int? {
        guard isatty(descriptor.rawValue) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// The result could not be delivered.
package enum OutputFailure: Error, Sendable, Equatable {
    /// The reader went away (`| head`), which is success: it has what it wanted.
    case readerGone
    /// The disk is full, or the descriptor is closed.
    case failed(String)
}
