import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension TokenKeeper {
    /// The keeper of a client.
    ///
    /// Keepers of one account share the token through the state directory, or through memory where there is none: two
    /// clients in a process, or twenty processes on a host, renew once.
    convenience init(
        configuration: EskizConfiguration,
        transport: any HTTPTransport,
        store: (any TokenStore)? = nil,
        clock: any KeeperClock,
        randomSeed: UInt64,
        observer: KeeperObserver
    ) {
        let origin = configuration.baseURL.absoluteString
        let seed = configuration.token.flatMap { BearerToken($0.reveal()) }
        let login = configuration.email.flatMap { email in
            configuration.password.map { LoginCredentials(email: email, password: $0) }
        }
        let shared: any TokenStore
        if let store {
            shared = store
        } else if let directory = configuration.stateDirectory {
            shared = FileTokenStore(directory: directory, key: configuration.tokenKey, reached: FaultInjection.reached)
        } else {
            let account = login?.account ?? seed?.fingerprint.description ?? "none"
            shared = MemoryTokenStore.shared(
                key: "\(origin) \(account) \(seed?.fingerprint.description ?? "") \(login?.digest ?? "")"
            )
        }
        self.init(
            credentials: CredentialSource(seed: seed, login: Self.login(login, again: configuration.passwordAgain)),
            authority: TokenAuthority(
                transport: transport,
                baseURL: configuration.baseURL,
                timeout: configuration.timeout
            ),
            store: shared,
            policy: configuration.renewal,
            origin: origin,
            clock: clock,
            randomSeed: randomSeed,
            hostSalt: Self.hostSalt(),
            observer: observer
        )
    }

    /// E-mail and key, the key as it is now.
    ///
    /// A file that is just being replaced may be gone or empty for a moment: then the key is as it was.
    private static func login(
        _ first: LoginCredentials?,
        again: (@Sendable () -> Redacted<String>?)?
    ) -> @Sendable () -> LoginCredentials? {
        guard let first, let again else { return { first } }
        let latest = Latest(first)
        return {
            let password = again()
            return latest.value.withLock { login in
                if let password { login = LoginCredentials(email: login.email, password: password) }
                return login
            }
        }
    }

    private final class Latest: Sendable {
        let value: Mutex<LoginCredentials>

        init(_ first: LoginCredentials) {
            value = Mutex(first)
        }
    }

    /// Differs between hosts, and stays the same on one.
    private static func hostSalt() -> UInt64 {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return 0 }
        return name.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64(UInt8(bitPattern: $1))) &* 0x100_0000_01B3 }
    }
}
