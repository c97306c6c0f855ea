import Configuration
import Eskiz
import Foundation
import NIOSSL
import Synchronization
import Testing

/// Roots beside the system's, with servers that show certificates which no system trusts.
@Suite(.timeLimit(.minutes(1)))
struct TrustRootsTests {
    private static func configuration(_ environment: [String: String]) throws(EskizError) -> EskizConfiguration {
        let settings = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "eskiz")
        return try EskizConfiguration(reader: ConfigReader(provider: settings), environment: environment)
    }

    /// Calls a server that shows the certificate through a proxy that opens TLS, as companies have them.
    private static func status(_ certificate: SelfSignedCertificate, _ environment: [String: String]) async throws
        -> Int?
    {
        let tls = try certificate.serverContext(protocols: ["http/1.1"])
        let status = Mutex<Int?>(nil)
        try await LoopbackServer.run(
            [.tunnel, .answer(LoopbackServer.response())],
            tls: tls,
            startsWithTLS: false
        ) { server, _ in
            var environment = environment
            environment["ESKIZ_BASE_URL"] = "https://eskiz.example.test/api"
            environment["HTTPS_PROXY"] = "http://127.0.0.1:\(server.port)"
            let configuration = try Self.configuration(environment)
            let transport = AsyncHTTPClientTransport(
                proxy: configuration.proxy,
                trustRoots: configuration.trustRoots
            )
            let request = TransportRequest(method: "GET", url: configuration.baseURL.appending("user/get-limit"))
            let answered = try? await transport.execute(request).status
            status.withLock { $0 = answered }
            await transport.shutdown()
        }
        return status.withLock { $0 }
    }

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "eskiz-roots-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path(percentEncoded: false) + "/")
    }

    @Test func `a proxy that opens TLS is trusted by ESKIZ_CA_FILE, SSL_CERT_FILE or SSL_CERT_DIR`() async throws {
        let certificate = try SelfSignedCertificate(names: ["eskiz.example.test"])
        try await Self.withFolder { folder in
            try Data(certificate.pem).write(to: URL(filePath: folder + "company.pem"))
            try Data("no certificate".utf8).write(to: URL(filePath: folder + "readme.txt"))
            let file = folder + "company.pem"
            #expect(try await Self.status(certificate, [:]) == nil)
            #expect(try await Self.status(certificate, ["ESKIZ_CA_FILE": file]) == 200)
            #expect(try await Self.status(certificate, ["SSL_CERT_FILE": file]) == 200)
            #expect(try await Self.status(certificate, ["SSL_CERT_DIR": folder]) == 200)
            #expect(try await Self.status(certificate, ["SSL_CERT_DIR": "/nowhere:" + folder]) == 200)
            #expect(try await Self.status(certificate, ["SSL_CERT_FILE": file, "SSL_CERT_DIR": "/nowhere"]) == 200)
        }
    }

    @Test func `a file that cannot be used stops the start and is named`() async throws {
        try await Self.withFolder { folder in
            try Data("no certificate".utf8).write(to: URL(filePath: folder + "readme.txt"))
            for (path, words) in [
                ("/nowhere/ca.pem", "cannot be read"), (folder + "readme.txt", "no certificate in PEM"),
            ] {
                do throws(EskizError) {
                    _ = try Self.configuration(["ESKIZ_CA_FILE": path])
                    Issue.record("\(path) was taken")
                } catch {
                    #expect(error.code == .invalidConfiguration)
                    #expect(error.summary.contains("ESKIZ_CA_FILE") && error.summary.contains(words))
                }
                #expect(throws: EskizError.self) { try TrustRoots(additionalFile: path) }
            }
        }
    }

    @Test func `what the system variables name in vain changes nothing`() throws {
        #expect(TrustRoots.fromEnvironment([:]) == .system)
        #expect(TrustRoots.fromEnvironment(["SSL_CERT_FILE": "/no-cert-file.crt"]) == .system)
        #expect(TrustRoots.fromEnvironment(["SSL_CERT_FILE": "", "SSL_CERT_DIR": ""]) == .system)
    }
}
