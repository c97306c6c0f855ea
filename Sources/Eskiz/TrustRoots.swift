#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whom TLS trusts: the roots of the system, and others beside them, such as that of a proxy which opens the traffic.
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` mean what they mean to OpenSSL: each takes the place of the system's file or folder
/// of roots. A path there that cannot be read is passed over, as everywhere; a file that was named for this program alone
/// (`ESKIZ_CA_FILE`) has to be good.
///
/// ```swift
/// let roots = try TrustRoots(additionalFile: "/etc/ssl/company.pem")
/// ```
public struct TrustRoots: Sendable, Hashable {
    /// Those of the system are trusted.
    package let trustsSystem: Bool
    /// Certificates in PEM that are trusted beside them, or instead.
    package let certificates: [[UInt8]]

    /// The roots of the system and no others.
    public static let system = TrustRoots(trustsSystem: true, certificates: [])

    /// The roots of the system, and those in a file.
    ///
    /// - Parameter additionalFile: certificates in PEM.
    /// - Throws: ``EskizError`` with the code `invalid_configuration`.
    public init(additionalFile: String) throws(EskizError) {
        do {
            self.init(trustsSystem: true, certificates: [try Self.certificates(of: additionalFile)])
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "The certificates cannot be used: \(error.reason).",
                remedy: "Give a file with certificates in PEM."
            )
        }
    }

    /// What the usual variables name.
    ///
    /// - Parameter environment: where `SSL_CERT_FILE` and `SSL_CERT_DIR` are looked up.
    /// - Returns: those roots; the system's where nothing is named.
    public static func fromEnvironment(_ environment: [String: String]) -> TrustRoots {
        // Without a file of our own there is nothing that could be wrong.
        (try? named(in: environment, caFile: nil)) ?? .system
    }

    static func named(in environment: [String: String], caFile: String?) throws(BadSetting) -> TrustRoots {
        let file = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let folders = (environment["SSL_CERT_DIR"] ?? "").split(separator: ":").map(String.init)
        var certificates: [[UInt8]] = []
        if let file, let found = try? Self.certificates(of: file) { certificates.append(found) }
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            certificates += names.sorted().compactMap { try? Self.certificates(of: folder + "/" + $0) }
        }
        // Either takes the place of one of two that hold the same; only both take the place of all.
        let trustsSystem = file == nil || folders.isEmpty
        if let caFile { certificates.append(try Self.certificates(of: caFile)) }
        return TrustRoots(trustsSystem: trustsSystem, certificates: certificates)
    }

    package init(trustsSystem: Bool, certificates: [[UInt8]]) {
        self.trustsSystem = trustsSystem
        self.certificates = certificates
    }

    private static func certificates(of path: String) throws(BadSetting) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BadSetting("the file \(path) cannot be read")
        }
        guard AsyncHTTPClientTransport.hasCertificates(Array(data)) else {
            throw BadSetting("there is no certificate in PEM in \(path)")
        }
        return Array(data)
    }
}
