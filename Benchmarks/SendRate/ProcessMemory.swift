#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the kernel says about this process.
enum ProcessMemory {
    /// The most memory this process ever had resident, in KiB (`VmHWM`).
    static func peakKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return Int(line.filter(\.isNumber)) ?? 0
        }
        return 0
    }
}
