import Eskiz
import EskizTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// The code of the articles in Sources/Eskiz/Documentation.docc and Sources/EskizTesting/Documentation.docc, in their order:
// DocumentationTests holds the two together. What can run without Eskiz runs.

// MARK: Getting started

private func firstMessage() async throws {
    let eskiz = try EskizClient.fromEnvironment()
    let sent = try await eskiz.send("Kodingiz: 123456", to: "+998 90 123-45-67")
    print(sent.id, sent.status)
}

private func code(eskiz: EskizClient) async -> Bool {
    let isSent = await eskiz.sendCode("123456", to: "901234567")
    return isSent
}

private func wholeProcess(key: String, serve: (EskizClient) async throws -> Void) async throws {
    let configuration = try EskizConfiguration(
        email: "ops@example.test",
        password: key,
        stateDirectory: "/var/lib/shop"
    )
    try await withEskizClient(configuration: configuration) { eskiz in
        try await serve(eskiz)
    }
}

private func toThePhone(eskiz: EskizClient, text: String, phone: String) async throws -> MessageStatus {
    let sent = try await eskiz.send(text, to: phone)
    let record = try await eskiz.waitUntilFinal(sent.id, timeout: .seconds(120))
    if record.status != .delivered {
        print("The code did not arrive: \(record.status)")
    }
    return record.status
}

private func toMany(eskiz: EskizClient) async throws -> [StatusTotal] {
    let batch = try await eskiz.sendBatch([
        BatchMessage(to: "+998901234567", text: "Buyurtma yetkazildi", userSMSID: "1001"),
        BatchMessage(to: "+998907654321", text: "Buyurtma yetkazildi", userSMSID: "1002"),
    ])
    let totals = try await eskiz.dispatchStatus(batch.dispatchID)
    return totals
}

// MARK: How the token lives

private func watch(eskiz: EskizClient) {
    if let token = eskiz.tokenStatus {
        print("token \(token.preview)… in \(token.location)")
        if let left = token.remaining, left < .seconds(7 * 86_400) {
            print("Nobody has renewed the token for weeks: look into the log")
        }
    }
}

private func nightly(eskiz: EskizClient) async throws -> Bool {
    let renewal = try await eskiz.renewTokenIfDue()
    print(renewal.renewed ? "renewed" : "not due")
    return renewal.renewed
}

private func behindProxy(_ configuration: inout EskizConfiguration) {
    configuration.resendTrigger = .eskiz401
}

private func earlier(_ configuration: inout EskizConfiguration) throws {
    configuration.renewal = try RenewalPolicy { policy in
        policy.earlyShare = 0.5
    }
}

// MARK: What an error means, and what to do

/// What an application does with a failed send, by kind.
private struct Failures {
    var settled: [String] = []
    var alerts: [String] = []
    var pauses: [Duration] = []

    mutating func settle(_ number: String) async throws { settled.append(number) }
    mutating func alert(_ words: String) { alerts.append(words) }
    mutating func repeatLater(after pause: Duration) async throws { pauses.append(pause) }

    mutating func send(_ text: String, to phone: String, number: String, by eskiz: EskizClient) async throws {
        do {
            try await eskiz.send(text, to: phone, userSMSID: number)
        } catch {
            if error.isOutcomeUnknown {
                // It may be on its way. Look it up before you send it again.
                try await settle(number)
            } else if error.needsOperator {
                // No repetition helps: a setting, a template or the account has to change.
                alert(error.description)
            } else if error.mayRepeat {
                // Certainly not taken: sending it again cannot double it.
                try await repeatLater(after: error.retryAfter ?? .seconds(5))
            } else {
                // The input was wrong: the same input will be refused again.
                throw error
            }
        }
    }
}

func isKnown(_ number: String, since start: Date, to eskiz: EskizClient) async throws -> Bool {
    var query = MessageQuery(from: start, to: Date(), pageSize: 200)
    while true {
        let page = try await eskiz.messages(query)
        if page.messages.contains(where: { $0.userSMSID == number }) { return true }
        guard page.hasMore else { return false }
        query.page += 1
    }
}

// MARK: Testing your app

private func signUp(phone: String, using eskiz: EskizClient) async throws {
    try await eskiz.send("Kodingiz: 123456", to: phone)
}

struct DocumentationExamples {
    private let transport = ScriptedTransport()

    private func client(email: String? = nil) throws -> EskizClient {
        let configuration = try EskizConfiguration(token: "a.b.c", email: email, password: email.map { _ in "key" })
        return try EskizClient(configuration: configuration, transport: transport)
    }

    @Test func `a sign-up sends one code to the number as it was typed`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "message/sms/send", .sent(id: "5b1f0c6e"))
        let eskiz = try EskizClient(configuration: EskizConfiguration(token: "a.b.c"), transport: transport)

        try await signUp(phone: "90 123-45-67", using: eskiz)

        let request = try #require(transport.requests("message/sms/send").first)
        #expect(request.form["mobile_phone"] == "998901234567")
        #expect(transport.requests.count == 1)
    }

    @Test func `a text that is not approved is the operator's business`() async throws {
        transport.on("POST", "message/sms/send", .refused(400, "Этот смс не прошел модерацию"))
        var failures = Failures()
        try await failures.send("Salom", to: "+998901234567", number: "1", by: client())
        #expect(failures.alerts.count == 1)
        #expect(failures.pauses.isEmpty && failures.settled.isEmpty)
    }

    @Test func `an expired token is no failure`() async throws {
        transport.on("PATCH", "auth/refresh", .tokenExpired)
        transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "5b1f0c6e"))
        transport.on("POST", "auth/login", .token("d.e30.f"))
        let eskiz = try client(email: "documentation@example.test")
        #expect(try await eskiz.send("Salom", to: "+998901234567").id == "5b1f0c6e")
        #expect(transport.requests("message/sms/send").map(\.token) == ["a.b.c", "d.e30.f"])
    }

    @Test func `a connection that breaks after the message was written is looked up`() async throws {
        transport.on("POST", "message/sms/send", .fail(.connectionClosed, progress: .sent))
        var failures = Failures()
        try await failures.send("Salom", to: "+998901234567", number: "1001", by: client())
        #expect(failures.settled == ["1001"])
        #expect(failures.alerts.isEmpty && failures.pauses.isEmpty)
    }

    @Test func `a send that is certainly not taken is repeated later`() async throws {
        transport.on("POST", "message/sms/send", .fail(.connectionFailed, progress: .notSent))
        var failures = Failures()
        try await failures.send("Salom", to: "+998901234567", number: "1001", by: client())
        #expect(failures.pauses == [.seconds(5)])
        #expect(failures.settled.isEmpty && failures.alerts.isEmpty)
    }

    @Test func `a number that cannot be right is thrown back`() async throws {
        var failures = Failures()
        await #expect(throws: EskizError.self) {
            try await failures.send("Salom", to: "12", number: "1001", by: client())
        }
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [("1002", true), ("1003", false)])
    func `the list is searched to its last page`(number: String, isThere: Bool) async throws {
        transport.on(
            "POST",
            "message/sms/get-user-messages",
            .respond(200, #"{"data":{"result":[{"id":1,"user_sms_id":"1001"}],"current_page":1,"last_page":2}}"#),
            .respond(200, #"{"data":{"result":[{"id":2,"user_sms_id":"1002"}],"current_page":2,"last_page":2}}"#)
        )
        #expect(try await isKnown(number, since: Date(timeIntervalSince1970: 0), to: client()) == isThere)
        #expect(transport.requests.map { $0.query["page"] } == ["1", "2"])
    }

    @Test func `what happens meanwhile can be looked at`() async throws {
        let eskiz = try client()
        let gate = Gate()
        transport.on("POST", "message/sms/send", .sent(id: "5b1f0c6e").held(by: gate))
        async let sent = eskiz.send("Salom", to: "+998901234567")
        await gate.arrival()
        #expect(transport.requests.count == 1)
        gate.open()
        #expect(try await sent.id == "5b1f0c6e")
    }

    @Test func `the policy is checked where it is changed`() throws {
        var configuration = try EskizConfiguration(token: "a.b.c")
        try earlier(&configuration)
        #expect(configuration.renewal.earlyShare == 0.5)
    }
}
