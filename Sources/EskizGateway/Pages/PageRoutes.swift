import Eskiz
import EskizPages
import EskizQueue
import EskizVerify
import HTTPTypes
import Hummingbird
import Logging

/// The operator's pages, all together.
struct PageRoutes: Sendable {
    let responder: PageResponder
    let queue: MessageQueue
    let client: EskizClient
    let drain: Latch
    let readiness: Readiness
    let account: AccountCache
    let verifier: Verifier?
    private let charts: ChartCache

    init(
        responder: PageResponder,
        queue: MessageQueue,
        client: EskizClient,
        drain: Latch,
        readiness: Readiness,
        account: AccountCache,
        verifier: Verifier? = nil
    ) {
        self.responder = responder
        self.queue = queue
        self.client = client
        self.drain = drain
        self.readiness = readiness
        self.account = account
        self.verifier = verifier
        charts = ChartCache(queue: queue)
    }

    func add(to router: Router<GatewayContext>) {
        router.get("/assets/{name}") { request, context in
            PageAsset.answer(context.parameters.get("name") ?? "", request) ?? Problem.noSuchPath.response
        }
        SignInRoutes(responder: responder, clock: queue.clock).add(to: router)
        LiveRoute(sessions: responder.sessions, queue: queue, client: client, account: account, drain: drain).add(
            to: router
        )
        RenewRoute(responder: responder, queue: queue, client: client).add(to: router)
        MessagePageRoutes(responder: responder, queue: queue).add(to: router)
        CodesRoutes(responder: responder, queue: queue, verifier: verifier).add(to: router)
        if let list = queue.store as? any SuppressionStore {
            SuppressionPageRoutes(responder: responder, queue: queue, list: list).add(to: router)
        }
        // The one page that is there for everybody: it asks for a key.
        router.get("/") { request, context in
            await responder.answer(request, context) { visit in
                guard visit.session != nil else {
                    return responder.response(SignInRoutes.page(visit, next: visit["next"] ?? visit.address), visit)
                }
                return responder.response(try await overview(visit), visit)
            }
        }
    }

    private func overview(_ visit: PageVisit) async throws -> Page {
        let range = visit["range"].flatMap(ChartRange.init(rawValue:)) ?? .hour
        let facts = try await OverviewFacts(
            range: range,
            queue: queue,
            charts: charts,
            client: client,
            readiness: readiness,
            account: await account.latest()
        )
        return OverviewView(visit: visit, facts: facts, range: range).page
    }

    /// For the answer to a wrong method: the methods of each path.
    static let operations: [(path: String, methods: [HTTPRequest.Method])] = [
        ("/", [.get]), ("/assets/{name}", [.get]), ("/live", [.get]), ("/messages", [.get]),
        ("/messages/{id}", [.get, .post]),
        ("/codes", [.get]), ("/codes/prefix", [.post]), ("/suppressions", [.get, .post]),
        ("/bulk", [.get, .post]), ("/audit", [.get]), ("/sign-in", [.post]), ("/sign-out", [.post]),
        ("/token/renew", [.post]),
    ]
}
