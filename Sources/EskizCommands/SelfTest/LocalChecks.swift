import Eskiz
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The steps of the self-test that need no network.
enum LocalChecks {
    /// Whether a token can be kept here, and nobody else can read it.
    static func stateDirectory(_ path: String?) -> StepReport {
        guard let path else {
            return .careful(.stateDirectory, .stateNowhere, remedy: .stateNowhereRemedy)
        }
        let directory = FilePath(path)
        do {
            try LogFile.makeDirectories(to: directory)
        } catch {
            return .failed(
                .stateDirectory,
                .stateUnwritable,
                ["path": path, "reason": "\(error)"],
                remedy: .stateUnwritableRemedy,
                status: .configuration
            )
        }
        let probe = directory.appending(".self-test-\(getpid())")
        do {
            let file = try FileDescriptor.open(
                probe,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
            try file.closeAfter { _ = try file.writeAll("probe".utf8) }
            unlink(probe.string)
        } catch {
            unlink(probe.string)
            return .failed(
                .stateDirectory,
                .stateUnwritable,
                ["path": path, "reason": "\(error)"],
                remedy: .stateUnwritableRemedy,
                status: .configuration
            )
        }
        for (item, allowed) in [(directory, 0o700 as Int64), (directory.appending("token.json"), 0o600)] {
            let attributes = try? FileManager.default.attributesOfItem(atPath: item.string)
            guard let mode = number(attributes?[.posixPermissions]).map({ $0 & 0o777 }) else { continue }
            if mode & ~allowed != 0 {
                return .careful(
                    .stateDirectory,
                    .stateTooOpen,
                    ["path": item.string, "mode": String(mode, radix: 8)],
                    remedy: .stateTooOpenRemedy,
                    ["path": item.string, "mode": String(allowed, radix: 8)]
                )
            }
        }
        return .good(.stateDirectory, .stateGood, ["path": path])
    }

    /// A full disk is where tokens are lost.
    static func diskSpace(_ path: String?) -> StepReport {
        let attributes = path.flatMap { try? FileManager.default.attributesOfFileSystem(forPath: $0) }
        guard let free = number(attributes?[.systemFreeSize]) else { return .skipped(.diskSpace, .diskUnknown) }
        let megabytes = free / (1024 * 1024)
        let values = ["free": "\(megabytes) MiB"]
        if free < 1024 * 1024 {
            return .failed(.diskSpace, .diskFull, values, remedy: .diskRemedy, status: .configuration)
        }
        if megabytes < 100 { return .careful(.diskSpace, .diskLow, values, remedy: .diskRemedy) }
        return .good(.diskSpace, .diskGood, values)
    }

    /// A number among the attributes of a file.
    ///
    /// Its type depends on whether the process has all of Foundation linked in somewhere (NSNumber) or only the
    /// essentials (UInt64, UInt16, …); they all print the same.
    private static func number(_ attribute: Any?) -> Int64? {
        attribute.flatMap { Int64("\($0)") }
    }

    /// Eskiz posts reports to this address from outside, so it has to be one that the outside can reach.
    static func callback(_ address: String?) -> StepReport {
        guard let address, !address.isEmpty else { return .skipped(.callback, .callbackNone) }
        guard let url = URL(string: address), let host = url.host(percentEncoded: false)?.lowercased() else {
            return .failed(
                .callback,
                .callbackBroken,
                ["url": address],
                remedy: .callbackRemedy,
                status: .configuration
            )
        }
        if isPrivate(host) {
            return .failed(.callback, .callbackPrivate, ["host": host], remedy: .callbackRemedy, status: .configuration)
        }
        if url.scheme?.lowercased() != "https" {
            return .careful(.callback, .callbackPlain, ["host": host], remedy: .callbackPlainRemedy)
        }
        return .good(.callback, .callbackGood, ["host": host])
    }

    /// Names and addresses that only this machine or this network knows (RFC 1918, RFC 6762, RFC 4193).
    static func isPrivate(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if bare == "localhost" || bare.hasSuffix(".localhost") || bare.hasSuffix(".local")
            || bare.hasSuffix(".internal")
        {
            return true
        }
        if bare.contains(":") {
            return bare == "::1" || bare == "::" || bare.hasPrefix("fe80") || bare.hasPrefix("fc")
                || bare.hasPrefix("fd")
        }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, let first = parts[0], let second = parts[1], parts[2] != nil, parts[3] != nil else {
            return !bare.contains(".")
        }
        switch (first, second) {
        case (0, _), (10, _), (127, _), (169, 254), (192, 168): return true
        case (172, 16...31), (100, 64...127): return true
        default: return false
        }
    }
}
