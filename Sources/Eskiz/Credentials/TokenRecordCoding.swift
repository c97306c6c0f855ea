import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A record as the bytes of `token.json` (contract.md §8), sealed with AES-GCM if there is a key.
package struct TokenRecordCoding: Sendable {
    package struct Unreadable: Error {
        package let sentence: String
    }

    private let key: Redacted<SymmetricKey>?

    package init(key: Redacted<[UInt8]>?) {
        self.key = key.map { Redacted(SymmetricKey(data: $0.reveal())) }
    }

    private struct File: Codable {
        var version: Int
        var generation: UInt64
        var token: String?
        var sealed: String?
        var issued: Int64?
        var expires: Int64?
        var receivedNanoseconds: Int64
        var serverOffsetNanoseconds: Int64
        var fingerprint: String?
        var origin: String
        var account: String?
        var refusal: LoginRefusal?
        var hold: RenewalHold?
        /// By name and not by ``ServerTrait``: a newer version may know more of them.
        var seen: [String: Int64]?

        enum CodingKeys: String, CodingKey {
            case version, generation, token, sealed, issued, expires, fingerprint, origin, account, refusal, hold, seen
            case receivedNanoseconds = "received_ns"
            case serverOffsetNanoseconds = "server_offset_ns"
        }
    }

    private static let version = 1

    package func encode(_ record: TokenRecord) -> [UInt8]? {
        var file = File(
            version: Self.version,
            generation: record.generation,
            issued: record.token?.claims?.issuedAt,
            expires: record.token?.claims?.expiresAt,
            receivedNanoseconds: record.receivedWall,
            serverOffsetNanoseconds: record.serverOffset,
            fingerprint: record.grewFrom?.description,
            origin: record.origin,
            account: record.account,
            refusal: record.refusal,
            hold: record.hold,
            seen: record.traits.stored
        )
        if let token = record.token {
            if let key {
                guard
                    let box = try? AES.GCM.seal(
                        Array(token.raw.reveal().utf8),
                        using: key.reveal(),
                        authenticating: Self.bound(record.generation, record.origin)
                    ), let combined = box.combined
                else { return nil }
                file.sealed = combined.base64EncodedString()
            } else {
                file.token = token.raw.reveal()
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(file) else { return nil }
        return Array(data) + [0x0A]
    }

    package func decode(_ bytes: [UInt8]) -> Result<TokenRecord, Unreadable> {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)) else {
            return .failure(Unreadable(sentence: "it is not a token file, or only half of one"))
        }
        guard file.version == Self.version else {
            return .failure(
                Unreadable(sentence: "its version is \(file.version), and this program reads \(Self.version)")
            )
        }
        var raw = file.token
        if let sealed = file.sealed {
            guard let key else { return .failure(Unreadable(sentence: "it is sealed, and ESKIZ_TOKEN_KEY is not set")) }
            guard let data = Data(base64Encoded: sealed), let box = try? AES.GCM.SealedBox(combined: data),
                let opened = try? AES.GCM.open(
                    box,
                    using: key.reveal(),
                    authenticating: Self.bound(file.generation, file.origin)
                )
            else { return .failure(Unreadable(sentence: "ESKIZ_TOKEN_KEY does not open it")) }
            raw = String(decoding: opened, as: UTF8.self)
        }
        var token: BearerToken?
        if let raw {
            token = BearerToken(raw)
            if token == nil { return .failure(Unreadable(sentence: "the token in it cannot be one")) }
        }
        return .success(
            TokenRecord(
                generation: file.generation,
                token: token,
                receivedWall: file.receivedNanoseconds,
                serverOffset: file.serverOffsetNanoseconds,
                grewFrom: file.fingerprint.map(TokenFingerprint.init(stored:)),
                origin: file.origin,
                account: file.account,
                refusal: file.refusal,
                hold: file.hold,
                traits: ServerTraits(stored: file.seen)
            )
        )
    }

    /// The sealed token cannot be moved to another record.
    private static func bound(_ generation: UInt64, _ origin: String) -> [UInt8] {
        Array("eskiz token \(generation) \(origin)".utf8)
    }
}

extension ServerTraits {
    fileprivate var stored: [String: Int64]? {
        lastSeen.isEmpty ? nil : Dictionary(uniqueKeysWithValues: lastSeen.map { ($0.rawValue, $1) })
    }

    fileprivate init(stored: [String: Int64]?) {
        self.init(
            lastSeen: (stored ?? [:]).reduce(into: [:]) { seen, entry in
                if let trait = ServerTrait(rawValue: entry.key) { seen[trait] = entry.value }
            }
        )
    }
}
