package import Eskiz
package import EskizQueue
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How much a file system holds and has left for us, in bytes.
package struct DiskSpace: Sendable, Hashable {
    package var total: UInt64
    package var free: UInt64

    package init(total: UInt64, free: UInt64) {
        self.total = total
        self.free = free
    }

    /// From 0 to 1; what only the superuser may use counts as used.
    package var usedShare: Double {
        total == 0 ? 0 : 1 - Double(min(free, total)) / Double(total)
    }

    /// The file system on which a file or folder lies; nil if the system does not say.
    package static func ofFileSystem(holding path: String) -> DiskSpace? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let unit = UInt64(status.f_frsize)
        return DiskSpace(total: UInt64(status.f_blocks) * unit, free: UInt64(status.f_bavail) * unit)
    }
}

/// When a disk is too full to take more (gateway.md §c6): mailings stop first, so that codes and reports find room.
package struct DiskWatermark: Sendable, Hashable {
    /// Mailings are refused from this used share on.
    package var bulk: Double
    /// Everything but reports is refused from this used share on.
    package var everything: Double
    /// A disk with so many bytes left is never too full: 5 % of a large one is a lot.
    package var ample: UInt64

    package init(bulk: Double = 0.90, everything: Double = 0.95, ample: UInt64 = 10 << 30) {
        self.bulk = bulk
        self.everything = everything
        self.ample = ample
    }

    /// Whether messages of a lane are refused.
    package func refuses(_ lane: Lane, with space: DiskSpace) -> Bool {
        guard space.free < ample else { return false }
        return space.usedShare >= (lane == .bulk ? min(bulk, everything) : everything)
    }
}

/// Looks at the disk at most once a second.
package final class DiskGauge: Sendable {
    private struct Reading {
        var space: DiskSpace?
        var until: Int64
    }

    package let watermark: DiskWatermark
    private let clock: any KeeperClock
    private let read: @Sendable () -> DiskSpace?
    private let reading = Mutex<Reading?>(nil)

    /// `read` gives the space of the database's file system; nil where there is none to look at.
    package init(watermark: DiskWatermark, clock: any KeeperClock, read: @escaping @Sendable () -> DiskSpace?) {
        self.watermark = watermark
        self.clock = clock
        self.read = read
    }

    /// Nil while it is not known: what cannot be measured is no reason to refuse.
    package var space: DiskSpace? {
        let now = clock.now().elapsed
        return reading.withLock { reading in
            if let reading, now < reading.until { return reading.space }
            let space = read()
            reading = Reading(space: space, until: now.addingClamped(Duration.seconds(1).nanoseconds))
            return space
        }
    }

    /// Throws what an application is told when the disk is too full for a message of this lane.
    package func admit(_ lane: Lane) throws(Problem) {
        guard let space, watermark.refuses(lane, with: space) else { return }
        throw Problem(
            .diskAlmostFull,
            lane == .bulk
                ? "The disk of the gateway is too full for mailings. Make room, or send this in another lane."
                : "The disk of the gateway is too full to take messages. Make room.",
            retryAfter: .seconds(60)
        )
    }
}
