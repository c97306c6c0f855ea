import Crypto
import NIOSSL

/// A certificate made on the spot, so that no key lies in the repository and nothing expires.
struct SelfSignedCertificate {
    let pem: [UInt8]
    private let key: P256.Signing.PrivateKey
    private let der: [UInt8]

    /// A certificate for these names.
    init(names: [String]) throws {
        key = P256.Signing.PrivateKey()
        let algorithm = DER.sequence(DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]))
        let commonName = DER.sequence(DER.identifier([0x55, 0x04, 0x03]) + DER.tagged(0x0C, Array(names[0].utf8)))
        let name = DER.sequence(DER.tagged(0x31, commonName))
        let validity = DER.sequence(
            DER.tagged(0x17, Array("200101000000Z".utf8)) + DER.tagged(0x17, Array("491231235959Z".utf8))
        )
        let alternatives = DER.sequence(names.flatMap { DER.tagged(0x82, Array($0.utf8)) })
        let extensions = DER.sequence(
            DER.sequence(
                DER.identifier([0x55, 0x1D, 0x13])
                    + DER.tagged(0x04, DER.sequence(DER.tagged(0x01, [0xFF])))
            )
                + DER.sequence(DER.identifier([0x55, 0x1D, 0x11]) + DER.tagged(0x04, alternatives))
        )
        let body = DER.sequence(
            DER.tagged(0xA0, DER.tagged(0x02, [2]))
                + DER.tagged(0x02, [1])
                + algorithm + name + validity + name
                + Array(key.publicKey.derRepresentation)
                + DER.tagged(0xA3, extensions)
        )
        let signature = try Array(key.signature(for: body).derRepresentation)
        der = DER.sequence(body + algorithm + DER.tagged(0x03, [0] + signature))
        pem = try Array(
            "-----BEGIN CERTIFICATE-----\n\(Base64.encode(der))\n-----END CERTIFICATE-----\n".utf8
        )
    }

    /// A server that shows this certificate.
    func serverContext(protocols: [String] = []) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try NIOSSLCertificate(bytes: der, format: .der))],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))
        )
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }
}

/// As much of DER as a certificate needs.
private enum DER {
    static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 128
            ? [UInt8(count)]
            : count < 256 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        return [tag] + length + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { tagged(0x30, content) }

    static func identifier(_ encoded: [UInt8]) -> [UInt8] { tagged(0x06, encoded) }
}

/// Base64 in lines of 64.
private enum Base64 {
    static func encode(_ bytes: [UInt8]) throws -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var output = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            if start > 0, start % 48 == 0 { output.append("\n") }
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for position in 0..<4 {
                output.append(position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : "=")
            }
        }
        return output
    }
}
