#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Login and refresh on the wire.
///
/// A way of its own that never reacts to a 401: a refused refresh can only lead to a login, and a refused login only
/// to an error.
package struct TokenAuthority: Sendable {
    private let transport: any HTTPTransport
    private let baseURL: BaseURL
    private let timeout: Duration

    package init(transport: any HTTPTransport, baseURL: BaseURL, timeout: Duration) {
        self.transport = transport
        self.baseURL = baseURL
        self.timeout = timeout
    }

    /// `PATCH auth/refresh` with the current token and no body (eskiz-api.md §2.2).
    package func refresh(
        _ token: BearerToken,
        hasFallback: Bool = false,
        after spent: Duration = .zero
    ) async -> CredentialAnswer {
        await call(
            TransportRequest(
                method: "PATCH",
                url: baseURL.appending("auth/refresh"),
                headers: [
                    TransportHeader("Authorization", token.header), TransportHeader("Accept", "application/json"),
                ],
                timeout: limit(hasFallback, after: spent)
            )
        )
    }

    /// `POST auth/login` with e-mail and key (eskiz-api.md §2.1).
    package func logIn(
        _ credentials: LoginCredentials,
        hasFallback: Bool = false,
        after spent: Duration = .zero
    ) async -> CredentialAnswer {
        let fields = [("email", credentials.email), ("password", credentials.password.reveal())]
        return await call(
            TransportRequest(
                method: "POST",
                url: baseURL.appending("auth/login"),
                headers: [
                    TransportHeader("Content-Type", "application/x-www-form-urlencoded"),
                    TransportHeader("Accept", "application/json"),
                ],
                body: WireCoding.formBytes(fields),
                timeout: limit(hasFallback, after: spent)
            )
        )
    }

    /// Three tenths of the time where another call can take over from one that is not answered, and what is left for the
    /// last one: whoever waits for the renewal waits for one whole time, and should hear what became of it.
    private func limit(_ hasFallback: Bool, after spent: Duration) -> Duration {
        let short = timeout * 3 / 10
        return hasFallback ? short : max(short, timeout - spent)
    }

    private func call(_ request: TransportRequest) async -> CredentialAnswer {
        do {
            return Self.classify(try await transport.execute(request))
        } catch {
            return .failed(ProviderFailure.of(error, timeout: request.timeout), isAmbiguous: error.progress == .sent)
        }
    }

    /// What an answer to login or refresh means.
    ///
    /// The `message` is no discriminator: it differs between generations.
    package static func classify(_ response: TransportResponse) -> CredentialAnswer {
        switch response.status {
        case 200..<300:
            let serverTime = response.header("date").flatMap(WireTime.httpDate)
            if let body = WireCoding.decodeIfPossible(Body.self, from: response.body) {
                if let raw = body.token, let token = BearerToken(raw) {
                    return .issued(token, serverTime: serverTime)
                }
                return .withoutToken(ProviderFailure.unexpectedAnswer(response))
            }
            return .failed(ProviderFailure.unexpectedAnswer(response), isAmbiguous: true)
        case 408, 425, 429, 500...:
            let failure = ProviderFailure.of(response) ?? ProviderFailure.unexpectedAnswer(response)
            return .failed(failure, isAmbiguous: response.status != 429)
        default:
            return .refused(ProviderFailure.of(response) ?? ProviderFailure.unexpectedAnswer(response))
        }
    }

    private struct Body: Decodable {
        let token: String?

        struct Token: Decodable { let token: String? }
        enum CodingKeys: String, CodingKey { case data }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            token = (try? container.decodeIfPresent(Token.self, forKey: .data))??.token
        }
    }
}

/// What came of a credential call.
package enum CredentialAnswer: Sendable {
    /// A token, and the server's `Date` in seconds since 1970.
    case issued(BearerToken, serverTime: Int64?)
    /// A definite no.
    case refused(EskizError)
    /// A 2xx without a usable token: a blocked account answers so (eskiz-api.md §2.1).
    case withoutToken(EskizError)
    /// No answer, or none that decides anything. Ambiguous: the server may have issued a token that we never saw.
    case failed(EskizError, isAmbiguous: Bool)
}
