import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Posts delivery reports, a few at a time, to this machine and to hosts that were named.
struct CallbackDeliverer: Service {
    private static let width = 32
    private static let timeout = TimeAmount.seconds(5)

    let responder: ProviderResponder
    let client: HTTPClient
    let hosts: CallbackHosts

    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        // A redirect could lead anywhere.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = width
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                var running = 0
                for await job in responder.reports {
                    if running == Self.width {
                        await group.next()
                        running -= 1
                    }
                    running += 1
                    group.addTask { await post(job) }
                }
                group.cancelAll()
            }
        }
    }

    /// Posts one report and tells the rules what came of it.
    func post(_ job: CallbackJob) async {
        guard hosts.allow(job.url) else {
            return responder.withProvider { $0.reportRefused(job, at: $1) }
        }
        var request = HTTPClientRequest(url: job.url)
        request.method = .POST
        let (contentType, bytes) = job.body
        request.headers.add(name: "Content-Type", value: contentType)
        request.headers.add(name: "User-Agent", value: "Eskiz")
        request.body = .bytes(ByteBuffer(bytes: bytes))
        var status: Int?
        var note: String?
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            status = Int(response.status.code)
            // The connection is only used again once its answer has been read.
            _ = try? await response.body.collect(upTo: 1 << 20)
        } catch {
            note = "no answer from the callback address"
        }
        let (outcome, remark) = (status, note)
        responder.withProvider { $0.reportAnswered(job, status: outcome, note: remark, at: $1) }
    }
}
