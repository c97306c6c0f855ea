import Configuration
import Eskiz
import Foundation
import Testing

struct SecretFileProviderTests {
    /// Runs with a file of this content, which is gone afterwards.
    private func withFile(_ content: Data, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "eskiz-secret-\(UUID().uuidString)")
        try content.write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        try body(path.path)
    }

    private func configuration(_ environment: [String: String]) throws(EskizError) -> EskizConfiguration {
        let settings = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "eskiz")
        let reader = ConfigReader(providers: [settings, SecretFileProvider(upstream: settings)])
        return try EskizConfiguration(reader: reader, environment: [:])
    }

    @Test(arguments: ["a.b.c", "a.b.c\n", "a.b.c\r\n"])
    func `a secret comes from its file, without the newline at the end`(content: String) throws {
        try withFile(Data(content.utf8)) { path in
            let configuration = try configuration(["ESKIZ_TOKEN_FILE": path])
            #expect(configuration.token?.reveal() == "a.b.c")
        }
    }

    @Test func `each secret has a file`() throws {
        try withFile(Data(Data(repeating: 7, count: 32).base64EncodedString().utf8)) { path in
            let configuration = try configuration([
                "ESKIZ_EMAIL": "ops@example.test", "ESKIZ_PASSWORD_FILE": path, "ESKIZ_TOKEN_KEY_FILE": path,
            ])
            #expect(configuration.password != nil)
            #expect(configuration.tokenKey?.reveal().count == 32)
        }
    }

    @Test func `the variable itself wins over its file`() throws {
        let environment = ["ESKIZ_TOKEN": "d.e.f", "ESKIZ_TOKEN_FILE": "/nonexistent"]
        #expect(try configuration(environment).token?.reveal() == "d.e.f")
    }

    @Test func `an empty name counts as not set`() throws {
        #expect(try configuration(["ESKIZ_TOKEN_FILE": ""]).token == nil)
    }

    @Test func `what is no secret has no file`() throws {
        try withFile(Data("Example".utf8)) { path in
            let configuration = try configuration(["ESKIZ_FROM_FILE": path])
            #expect(configuration.sender == "4546")
        }
    }

    @Test func `a file that cannot be read is an error that names setting and path`() {
        #expect {
            try configuration(["ESKIZ_PASSWORD_FILE": "/nonexistent/key", "ESKIZ_EMAIL": "ops@example.test"])
        } throws: { error in
            guard let error = error as? EskizError else { return false }
            return error.code == .invalidConfiguration && error.summary.contains("ESKIZ_PASSWORD_FILE")
                && error.summary.contains("/nonexistent/key")
        }
    }

    @Test(arguments: [Data(), Data("\n".utf8), Data([0xFF, 0xFE, 0x00]), Data(repeating: 0x61, count: 100_000)])
    func `a file without a secret in it is an error that does not quote it`(content: Data) throws {
        try withFile(content) { path in
            #expect {
                try configuration(["ESKIZ_TOKEN_FILE": path])
            } throws: { error in
                "\(error)".contains("ESKIZ_TOKEN_FILE") && "\(error)".count < 1000
            }
        }
    }

    @Test func `what it gives is marked as secret`() throws {
        try withFile(Data("a.b.c".utf8)) { path in
            let upstream = InMemoryProvider(values: ["token.file": ConfigValue(.string(path), isSecret: false)])
            let result = try SecretFileProvider(upstream: upstream).value(forKey: "token", type: .string)
            #expect(result.value?.isSecret == true)
        }
    }
}
