import Crypto
import EskizText

/// What we may start from and log in with.
package struct CredentialSource: Sendable {
    /// `ESKIZ_TOKEN`.
    package let seed: BearerToken?
    /// E-mail and key as they are now: asked for in each renewal and never by a send, so that a rotated key is picked up
    /// without a restart (token-keeper.md D6, F8).
    package let login: @Sendable () -> LoginCredentials?

    package init(seed: BearerToken?, login: @escaping @Sendable () -> LoginCredentials?) {
        self.seed = seed
        self.login = login
    }
}

/// E-mail and API key.
package struct LoginCredentials: Sendable {
    package let email: String
    package let password: Redacted<String>

    package init(email: String, password: Redacted<String>) {
        self.email = email
        self.password = password
    }

    /// Changes when e-mail or key change.
    ///
    /// Four bytes: enough to notice, useless for guessing the key.
    package var digest: String { Self.digest("login", email.lowercased() + "\u{0}" + password.reveal(), bytes: 4) }

    /// Names the account without naming it.
    package var account: String { Self.digest("account", email.lowercased(), bytes: 8) }

    private static func digest(_ purpose: String, _ text: String, bytes: Int) -> String {
        SHA256.hash(data: Array("eskiz \(purpose)\u{0}\(text)".utf8)).prefix(bytes).hexadecimal
    }
}

extension LoginCredentials: CustomStringConvertible, CustomReflectable {
    package var description: String { "login \(account)" }
    package var customMirror: Mirror { Mirror(self, children: ["account": account]) }
}
