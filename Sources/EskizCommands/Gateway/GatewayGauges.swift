import Eskiz
import EskizGateway
import EskizPrometheus
import EskizQueue

/// What is read when somebody asks for `/metrics`, and not kept in between.
enum GatewayGauges {
    static func register(
        in registry: PrometheusRegistry,
        queue: MessageQueue,
        client: EskizClient,
        diskSpace: @escaping @Sendable () -> DiskSpace?
    ) {
        registry.gauge("eskiz_disk_free_bytes", "Bytes that are left for us on the file system of the queue.") {
            diskSpace().map { Double($0.free) }
        }
        registry.gauge("eskiz_disk_size_bytes", "Bytes that the file system of the queue holds.") {
            diskSpace().map { Double($0.total) }
        }
        registry.gauge("eskiz_provider_clock_offset_seconds", "Eskiz's clock minus ours, in seconds.") {
            client.providerClock.reading.offset.map { Double($0.wholeMilliseconds) / 1_000 }
        }
        registry.describe("eskiz_gateways", "Gateways on this store that are alive, by version; 1 for one alone.")
        registry.describe("eskiz_gateways_silent", "Gateways that went silent within the last hour without a word.")
        registry.describe(
            "eskiz_database_snapshot_seconds",
            "For how long the oldest snapshot of a shared database has been held; 0 while none is, or nothing is shared."
        )
        registry.describe(
            "eskiz_database_dead_rows",
            "Versions of rows in the tables of a shared database that nobody needs and that are not cleared away yet."
        )
        registry.describe("eskiz_queue_waiting", "Messages that wait to be sent, by lane.")
        registry.describe("eskiz_queue_oldest_seconds", "How long the longest waiting message of a lane has been due.")
        registry.describe("eskiz_lane_held", "1 while something keeps messages of a lane from being sent.")
        registry.describe(
            "eskiz_lane_held_seconds",
            "Until the next try of a lane that is held; 0 if that is not known."
        )
        registry.describe("eskiz_messages_kept", "Messages in the store, by state.")
        registry.describe("eskiz_webhooks_dead", "Webhooks that were given up and can be replayed.")
        registry.describe(
            "eskiz_token_held_seconds",
            "Until a new token is asked for by itself again; 0 while nothing holds that up."
        )
        registry.describe("eskiz_token_seconds_left", "Seconds until the token ends by its own word.")
        registry.collect {
            guard let statistics = try? await queue.store.statistics(),
                let gateways = try? await queue.store.fleet?.gateways() ?? []
            else { return [] }
            let depth = queue.store.depth
            let now = queue.clock.timestamp
            let holds = queue.holds
            var samples = fleet(gateways)
            // A store that is not shared has nothing of the kind.
            let health: DatabaseHealth?
            if let store = queue.store.fleet { health = try? await store.health() } else { health = DatabaseHealth() }
            if let health { samples += database(health) }
            for lane in Lane.allCases {
                let labels = [("lane", lane.rawValue)]
                samples.append(Sample("eskiz_queue_waiting", kind: .gauge, labels: labels, value: Double(depth[lane])))
                // What is due later, for another try, has not waited yet.
                let wait = statistics.oldestWaiting[lane].map { max(0, (now - $0).wholeMilliseconds) } ?? 0
                samples.append(
                    Sample("eskiz_queue_oldest_seconds", kind: .gauge, labels: labels, value: Double(wait) / 1_000)
                )
                let held = holds.filter { $0.lanes.contains(lane) }
                samples.append(Sample("eskiz_lane_held", kind: .gauge, labels: labels, value: held.isEmpty ? 0 : 1))
                let left = held.compactMap(\.until).max().map { max(0, ($0 - now).wholeMilliseconds) } ?? 0
                samples.append(
                    Sample("eskiz_lane_held_seconds", kind: .gauge, labels: labels, value: Double(left) / 1_000)
                )
            }
            for state in MessageState.allCases {
                let count = Double(statistics.count(state))
                samples.append(
                    Sample("eskiz_messages_kept", kind: .gauge, labels: [("state", state.rawValue)], value: count)
                )
            }
            samples.append(
                Sample("eskiz_webhooks_dead", kind: .gauge, labels: [], value: Double(statistics.deadWebhooks))
            )
            let hold = await client.renewalHold().map { max(0, $0.until - queue.clock.now().wall) } ?? 0
            samples.append(
                Sample("eskiz_token_held_seconds", kind: .gauge, labels: [], value: Double(hold) / 1_000_000_000)
            )
            if let left = await client.storedTokenStatus()?.remaining {
                samples.append(
                    Sample("eskiz_token_seconds_left", kind: .gauge, labels: [], value: Double(left.components.seconds))
                )
            }
            return samples
        }
    }

    private static func database(_ health: DatabaseHealth) -> [Sample] {
        let held = health.oldestSnapshot.map { Double($0.age.wholeMilliseconds) / 1_000 } ?? 0
        return [
            Sample("eskiz_database_snapshot_seconds", kind: .gauge, labels: [], value: held),
            Sample("eskiz_database_dead_rows", kind: .gauge, labels: [], value: Double(health.deadRows)),
        ]
    }

    private static func fleet(_ gateways: [FleetMember]) -> [Sample] {
        let alive = gateways.filter(\.isAlive).map(\.version)
        let versions = alive.isEmpty ? [EskizCommand.version] : alive
        let counts = versions.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let silent = gateways.count { !$0.isAlive }
        return counts.sorted { $0.key < $1.key }.map { version, count in
            Sample("eskiz_gateways", kind: .gauge, labels: [("version", version)], value: Double(count))
        } + [Sample("eskiz_gateways_silent", kind: .gauge, labels: [], value: Double(silent))]
    }
}
