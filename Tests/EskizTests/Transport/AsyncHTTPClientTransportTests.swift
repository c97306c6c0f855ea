import Eskiz
import NIOCore
import NIOSSL
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AsyncHTTPClientTransportTests {
    private func post(
        _ url: String,
        body: String = "mobile_phone=998901234567",
        timeout: Duration = .seconds(20)
    ) -> TransportRequest {
        TransportRequest(
            method: "POST",
            url: url,
            headers: [TransportHeader("Authorization", "Bearer x.y.z")],
            body: Array(body.utf8),
            timeout: timeout
        )
    }

    private func url(_ server: LoopbackServer, scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(server.port)/api/message/sms/send"
    }

    /// The failure of a request that must fail.
    private func failure(_ transport: AsyncHTTPClientTransport, _ request: TransportRequest) async throws
        -> TransportError
    {
        do {
            let response = try await transport.execute(request)
            throw Unexpected(description: "answered: \(response)")
        } catch let error as TransportError {
            return error
        }
    }

    private struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    // MARK: Answers

    @Test func `a request arrives whole and its answer comes back whole`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response("200 OK", #"{"id":"1"}"#))]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let response = try await transport.execute(post(url(server), body: "a=1&b=2"))
            #expect(response.status == 200)
            #expect(response.body == Array(#"{"id":"1"}"#.utf8))
            #expect(response.header("content-type") == "application/json")
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /api/message/sms/send HTTP/1.1\r\n"))
            #expect(request.contains("Authorization: Bearer x.y.z\r\n"))
            #expect(request.hasSuffix("\r\n\r\na=1&b=2"))
            #expect(!request.lowercased().contains("accept-encoding"))
            await transport.shutdown()
        }
    }

    @Test func `a connection is used again`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            for _ in 1...3 { _ = try await transport.execute(post(url(server))) }
            #expect(server.requests.count == 3)
            #expect(server.connections == 1)
            await transport.shutdown()
        }
    }

    @Test func `many requests at once are all answered, over a bounded number of connections`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let request = post(url(server))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<300 { group.addTask { try await transport.execute(request).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 300))
            #expect(server.requests.count == 300)
            #expect(server.connections <= 64)
            await transport.shutdown()
        }
    }

    @Test func `head and body of a request leave in one piece`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            for _ in 1...20 { _ = try await transport.execute(post(url(server))) }
            #expect(server.requests.count == 20)
            #expect(server.readings == 20)
            await transport.shutdown()
        }
    }

    @Test func `nothing of one request is left over for the next, to whatever address`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let base = "http://127.0.0.1:\(server.port)"
            let calls = [
                ("POST", "/a", "Bearer 1", "x=1"), ("POST", "/a", "Bearer 2", "x=2"), ("GET", "/a", "Bearer 3", ""),
                ("POST", "/b?page=2", "Bearer 4", "x=4"), ("POST", "/b?page=3", "Bearer 5", ""),
            ]
            for (method, path, authorization, body) in calls {
                let headers = [TransportHeader("Authorization", authorization)]
                let request = TransportRequest(
                    method: method,
                    url: base + path,
                    headers: headers,
                    body: Array(body.utf8)
                )
                _ = try await transport.execute(request)
            }
            #expect(server.requests.count == calls.count)
            for (seen, (method, path, authorization, body)) in zip(server.requests, calls) {
                #expect(seen.hasPrefix("\(method) \(path) HTTP/1.1\r\n"))
                #expect(seen.ranges(of: "Authorization").count == 1)
                #expect(seen.contains("Authorization: \(authorization)\r\n"))
                #expect(seen.hasSuffix("\r\n\r\n\(body)"))
            }
            await transport.shutdown()
        }
    }

    @Test func `a connection that the server gives up is replaced`() async throws {
        let last = LoopbackServer.response(headers: ["Connection: close"])
        try await LoopbackServer.run([.answerAndClose(last), .answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            for _ in 1...2 { _ = try await transport.execute(post(url(server))) }
            #expect(server.connections == 2)
            await transport.shutdown()
        }
    }

    @Test(arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func `a redirect is an answer like any other and is not followed`(status: String) async throws {
        try await LoopbackServer.run([
            .answer(LoopbackServer.response(status, headers: ["Location: http://127.0.0.1:1/elsewhere"]))
        ]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let response = try await transport.execute(post(url(server)))
            #expect(response.status == Int(status.prefix(3)))
            #expect(server.requests.count == 1)
            await transport.shutdown()
        }
    }

    @Test func `an error page is an answer, whatever it holds`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response("502 Bad Gateway", "<html>"))]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let response = try await transport.execute(post(url(server)))
            #expect(response.status == 502)
            #expect(String(decoding: response.body, as: UTF8.self) == "<html>")
            await transport.shutdown()
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + String(repeating: "x", count: 1024) + "\r\n",
    ])
    func `an answer above the limit is refused as soon as that is known`(answer: String) async throws {
        try await LoopbackServer.run([.answer(answer)]) { server, _ in
            let transport = AsyncHTTPClientTransport(trustRoots: .system, answerLimit: 1000)
            let error = try await failure(transport, post(url(server)))
            #expect(error.reason == .answerTooLarge)
            #expect(error.progress == .sent)
            await transport.shutdown()
        }
    }

    @Test func `as many requests as there may be connections reach a server that answers none of them`() async throws {
        try await LoopbackServer.run([.silence]) { server, events in
            let transport = AsyncHTTPClientTransport(trustRoots: .system, connectionLimit: 100)
            let request = post(url(server))
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 { group.addTask { _ = try? await transport.execute(request) } }
                var missing = 100
                for await event in events {
                    if case .request = event { missing -= 1 }
                    if missing == 0 { break }
                }
                group.cancelAll()
            }
            #expect(server.requests.count == 100)
            await transport.shutdown()
        }
    }

    // MARK: How far a request got

    @Test func `a refused connection is told at once and nothing was sent`() async throws {
        let port = try await LoopbackServer.deadPort()
        let transport = AsyncHTTPClientTransport()
        let error = try await failure(transport, post("http://127.0.0.1:\(port)/api"))
        #expect(error.reason == .connectionFailed)
        #expect(error.detail == "Connection refused")
        #expect(error.progress == .notSent)
        await transport.shutdown()
    }

    @Test func `a name that does not exist is told apart from a refused connection`() async throws {
        let transport = AsyncHTTPClientTransport()
        // A label of 64 letters is one too long for DNS, so the resolver says no without asking anybody.
        let error = try await failure(transport, post("https://\(String(repeating: "a", count: 64)).invalid/api"))
        #expect(error.reason == .nameResolution)
        #expect(error.progress == .notSent)
        await transport.shutdown()
    }

    @Test(arguments: [
        LoopbackServer.Behaviour.closeAfterRequest,
        .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":"),
        .answerAndClose("HTTP/1.1 200 OK\r\nContent-Le"),
    ])
    func `a connection that breaks after the request leaves it open what became of it`(
        behaviour: LoopbackServer.Behaviour
    ) async throws {
        try await LoopbackServer.run([behaviour]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server)))
            #expect(error.reason == .connectionClosed)
            #expect(error.progress == .sent)
            #expect(server.requests.count == 1)
            await transport.shutdown()
        }
    }

    @Test func `a server that hangs up on a large body counts as one that may have read it`() async throws {
        try await LoopbackServer.run([.closeAfterHead]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let body = String(repeating: "x", count: 8 * 1024 * 1024)
            let error = try await failure(transport, post(url(server), body: body))
            #expect(error.reason == .connectionClosed)
            #expect(error.progress == .sent)
            #expect(server.requests.isEmpty)
            await transport.shutdown()
        }
    }

    @Test func `a slow answer is a time-out after the request was sent`() async throws {
        try await LoopbackServer.run([.silence]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server), timeout: .seconds(2)))
            #expect(error.reason == .timedOut)
            #expect(error.progress == .sent)
            #expect(server.requests.count == 1)
            await transport.shutdown()
        }
    }

    @Test func `an answer that stops halfway is a time-out too`() async throws {
        let half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
        try await LoopbackServer.run([.answer(half)]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server), timeout: .seconds(2)))
            #expect(error.reason == .timedOut)
            #expect(error.progress == .sent)
            await transport.shutdown()
        }
    }

    @Test func `a handshake that never ends is a time-out before anything was sent`() async throws {
        // The server reads the client's hello as a request that never becomes whole.
        try await LoopbackServer.run([.silence]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server, scheme: "https"), timeout: .seconds(2)))
            #expect(error.reason == .connectTimedOut)
            #expect(error.progress == .notSent)
            #expect(server.requests.isEmpty)
            await transport.shutdown()
        }
    }

    @Test func `a handshake that takes too long is given up before the request's own time-out`() async throws {
        try await LoopbackServer.run([.silence]) { server, _ in
            let transport = AsyncHTTPClientTransport(connectTimeout: .milliseconds(200))
            let error = try await failure(transport, post(url(server, scheme: "https")))
            #expect(error.reason == .connectTimedOut)
            #expect(error.progress == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `a read has no body and is sent once its head is`() async throws {
        try await LoopbackServer.run([.closeAfterRequest]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, TransportRequest(method: "GET", url: url(server)))
            #expect(error.reason == .connectionClosed)
            #expect(error.progress == .sent)
            await transport.shutdown()
        }
    }

    // MARK: Cancellation

    @Test func `a task that is already cancelled sends nothing`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let request = post(url(server))
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await failure(transport, request)
            }
            task.cancel()
            let error = try await task.value
            #expect(error.reason == .cancelled)
            #expect(error.progress == .notSent)
            #expect(server.connections == 0)
            await transport.shutdown()
        }
    }

    @Test func `a cancelled call ends at once and says that the request was sent`() async throws {
        try await LoopbackServer.run([.silence]) { server, events in
            let transport = AsyncHTTPClientTransport()
            let request = post(url(server))
            let task = Task { try await failure(transport, request) }
            for await event in events { if case .request = event { break } }
            task.cancel()
            let error = try await task.value
            #expect(error.reason == .cancelled)
            #expect(error.progress == .sent)
            await transport.shutdown()
        }
    }

    @Test func `a call cancelled while it connects has sent nothing`() async throws {
        try await LoopbackServer.run([.silence]) { server, events in
            let transport = AsyncHTTPClientTransport()
            let request = post(url(server, scheme: "https"))
            let task = Task { try await failure(transport, request) }
            for await event in events where event == .accepted { break }
            task.cancel()
            let error = try await task.value
            #expect(error.reason == .cancelled)
            #expect(error.progress == .notSent)
            #expect(server.requests.isEmpty)
            await transport.shutdown()
        }
    }

    // MARK: TLS

    @Test func `a certificate nobody vouches for is refused before anything is sent`() async throws {
        let certificate = try SelfSignedCertificate(names: ["localhost"])
        try await LoopbackServer.run([.silence], tls: certificate.serverContext()) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server, scheme: "https", host: "localhost")))
            #expect(error.reason == .tls)
            #expect(error.detail == "CERTIFICATE_VERIFY_FAILED")
            #expect(error.progress == .notSent)
            #expect(server.requests.isEmpty)
            await transport.shutdown()
        }
    }

    @Test func `a trusted certificate for another name is refused`() async throws {
        let certificate = try SelfSignedCertificate(names: ["somebody-else.example.test"])
        try await LoopbackServer.run([.silence], tls: certificate.serverContext()) { server, _ in
            let transport = AsyncHTTPClientTransport(
                trustRoots: TrustRoots(trustsSystem: false, certificates: [certificate.pem])
            )
            let error = try await failure(transport, post(url(server, scheme: "https", host: "localhost")))
            #expect(error.reason == .tls)
            #expect(error.progress == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `a server that does not speak TLS at all is a TLS failure`() async throws {
        try await LoopbackServer.run([.interrupt("HTTP/1.1 400 Bad Request\r\n\r\n")]) { server, _ in
            let transport = AsyncHTTPClientTransport()
            let error = try await failure(transport, post(url(server, scheme: "https")))
            #expect(error.reason == .tls)
            #expect(error.progress == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `HTTP over TLS works with a trusted certificate`() async throws {
        let certificate = try SelfSignedCertificate(names: ["localhost"])
        let tls = try certificate.serverContext(protocols: ["http/1.1"])
        try await LoopbackServer.run([.answer(LoopbackServer.response())], tls: tls) { server, _ in
            let transport = AsyncHTTPClientTransport(
                trustRoots: TrustRoots(trustsSystem: false, certificates: [certificate.pem])
            )
            let response = try await transport.execute(post(url(server, scheme: "https", host: "localhost")))
            #expect(response.status == 200)
            await transport.shutdown()
        }
    }

    // MARK: HTTP/2

    @Test func `HTTP 2 is spoken where the server offers it, on one connection`() async throws {
        let certificate = try SelfSignedCertificate(names: ["localhost"])
        let tls = try certificate.serverContext(protocols: ["h2"])
        try await LoopbackServer.run([.answer(#"{"id":"1"}"#)], tls: tls, speaksHTTP2: true) { server, _ in
            let transport = AsyncHTTPClientTransport(
                trustRoots: TrustRoots(trustsSystem: false, certificates: [certificate.pem])
            )
            let url = url(server, scheme: "https", host: "localhost")
            for number in 1...3 {
                let response = try await transport.execute(post(url, body: "n=\(number)"))
                #expect(response.status == 200)
                #expect(response.body == Array(#"{"id":"1"}"#.utf8))
            }
            #expect(server.requests == ["n=1", "n=2", "n=3"])
            #expect(server.connections == 1)
            await transport.shutdown()
        }
    }

    @Test func `a broken HTTP 2 connection leaves it open what became of a request`() async throws {
        let certificate = try SelfSignedCertificate(names: ["localhost"])
        let tls = try certificate.serverContext(protocols: ["h2"])
        try await LoopbackServer.run([.closeAfterRequest], tls: tls, speaksHTTP2: true) { server, _ in
            let transport = AsyncHTTPClientTransport(
                trustRoots: TrustRoots(trustsSystem: false, certificates: [certificate.pem])
            )
            let error = try await failure(transport, post(url(server, scheme: "https", host: "localhost")))
            #expect(error.reason == .connectionClosed)
            #expect(error.progress == .sent)
            await transport.shutdown()
        }
    }

    // MARK: Proxy

    @Test func `a proxy sees the host name and its own credentials, and never the request`() async throws {
        let certificate = try SelfSignedCertificate(names: ["eskiz.example.test"])
        let tls = try certificate.serverContext(protocols: ["http/1.1"])
        try await LoopbackServer.run(
            [.tunnel, .answer(LoopbackServer.response())],
            tls: tls,
            startsWithTLS: false
        ) { server, _ in
            let transport = AsyncHTTPClientTransport(
                proxy: try EskizConfiguration.Proxy("http://ali:p%40ss@127.0.0.1:\(server.port)"),
                trustRoots: TrustRoots(trustsSystem: false, certificates: [certificate.pem])
            )
            let response = try await transport.execute(post("https://eskiz.example.test/api/message/sms/send"))
            #expect(response.status == 200)
            let connect = try #require(server.requests.first)
            #expect(connect.hasPrefix("CONNECT eskiz.example.test:443 HTTP/1.1\r\n"))
            #expect(connect.lowercased().contains("proxy-authorization: basic yWxpOnBAc3M=".lowercased()))
            #expect(!connect.contains("Bearer"))
            #expect(server.requests.last?.contains("Bearer x.y.z") == true)
            await transport.shutdown()
        }
    }

    @Test(arguments: ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
    func `a proxy that refuses is told apart from Eskiz`(status: String) async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response(status))]) { server, _ in
            let transport = AsyncHTTPClientTransport(proxy: try EskizConfiguration.Proxy("127.0.0.1:\(server.port)"))
            let error = try await failure(transport, post("https://eskiz.example.test/api"))
            #expect(error.reason == .proxy)
            #expect(error.progress == .notSent)
            await transport.shutdown()
        }
    }

    @Test func `a proxy that is not there is told apart from Eskiz`() async throws {
        let transport = AsyncHTTPClientTransport(
            proxy: try EskizConfiguration.Proxy("127.0.0.1:\(try await LoopbackServer.deadPort())")
        )
        let error = try await failure(transport, post("https://eskiz.example.test/api"))
        #expect(error.reason == .proxy)
        #expect(error.progress == .notSent)
        await transport.shutdown()
    }

    // MARK: The end

    @Test func `a transport may be dropped without being shut down`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, events in
            var transport: AsyncHTTPClientTransport? = AsyncHTTPClientTransport()
            _ = try await transport?.execute(post(url(server)))
            transport = nil
            // Its idle connection is closed, so nothing leaks.
            for await event in events where event == .closed { break }
            #expect(server.events.last == .closed)
        }
    }

    @Test func `a request in flight ends with the transport`() async throws {
        try await LoopbackServer.run([.silence]) { server, events in
            let transport = AsyncHTTPClientTransport()
            let request = post(url(server))
            let task = Task { try await failure(transport, request) }
            for await event in events { if case .request = event { break } }
            await transport.shutdown()
            let error = try await task.value
            #expect(error.reason == .unusable)
            #expect(error.progress == .sent)
        }
    }

    @Test func `nothing can be sent after the end`() async throws {
        let transport = AsyncHTTPClientTransport()
        await transport.shutdown()
        await transport.shutdown()
        let error = try await failure(transport, post("http://127.0.0.1:1/api"))
        #expect(error.reason == .unusable)
        #expect(error.progress == .notSent)
    }

    @Test(arguments: ["", "not an address", "ftp://127.0.0.1/", "http://"])
    func `an address that cannot be used is refused`(address: String) async throws {
        let transport = AsyncHTTPClientTransport()
        let error = try await failure(transport, post(address))
        #expect(error.reason == .unusable)
        #expect(error.progress == .notSent)
        await transport.shutdown()
    }
}
