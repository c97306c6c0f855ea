// swift-tools-version: 6.2

import PackageDescription

// What only we need is added by an environment variable, so that users never fetch or build it.
let documentation = Context.environment["ESKIZ_DOCS"] != nil
let benchmarks = Context.environment["ESKIZ_BENCHMARKS"] != nil
let examples = Context.environment["ESKIZ_EXAMPLES"] != nil

let package = Package(
    name: "eskiz",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "Eskiz", targets: ["Eskiz"]),
        .library(name: "EskizText", targets: ["EskizText"]),
        .library(name: "EskizTesting", targets: ["EskizTesting"]),
        .executable(name: "eskiz", targets: ["eskiz-command"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .target(name: "EskizText"),
        .target(name: "EskizWords", resources: [.embedInCode("Languages")]),
        .target(
            name: "Eskiz",
            dependencies: [
                "EskizText",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(name: "EskizTesting", dependencies: ["Eskiz"]),
        .target(
            name: "EskizHTTP",
            dependencies: [
                "EskizText",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .target(
            name: "EskizPages",
            dependencies: ["EskizWords", .product(name: "Mustache", package: "swift-mustache")],
            resources: [.embedInCode("Assets"), .embedInCode("Templates")]
        ),
        .target(
            name: "EskizSimulator",
            dependencies: [
                "EskizHTTP",
                "EskizPages",
                "EskizText",
                "EskizWords",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Pages/Assets"), .embedInCode("Pages/Templates")]
        ),
        .target(
            name: "EskizQueue",
            dependencies: [
                "Eskiz",
                "EskizText",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "EskizVerify",
            dependencies: [
                "Eskiz",
                "EskizQueue",
                "EskizText",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "EskizQueueTesting",
            dependencies: ["Eskiz", "EskizQueue", "EskizText", "EskizVerify"]
        ),
        .target(
            name: "EskizSQLite",
            dependencies: [
                "Eskiz",
                "EskizQueue",
                "EskizText",
                "EskizVerify",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "CEskizLibPQ"),
        .target(
            name: "EskizPostgres",
            dependencies: ["CEskizLibPQ", "Eskiz", "EskizQueue", "EskizText", "EskizVerify"],
            resources: [
                .embedInCode("Messages/fleet-1.sql"), .embedInCode("Messages/fleet-2.sql"),
                .embedInCode("Messages/messages-1.sql"), .embedInCode("Messages/messages-2.sql"),
                .embedInCode("Outbox/outbox-1.sql"), .embedInCode("Token/token-1.sql"),
            ]
        ),
        .target(
            name: "EskizPrometheus",
            dependencies: [.product(name: "Metrics", package: "swift-metrics")]
        ),
        .target(
            name: "EskizGateway",
            dependencies: [
                "Eskiz",
                "EskizHTTP",
                "EskizPages",
                "EskizPrometheus",
                "EskizQueue",
                "EskizText",
                "EskizVerify",
                "EskizWords",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Pages/Assets"), .embedInCode("Pages/Templates")]
        ),
        .target(
            name: "EskizCommands",
            dependencies: [
                "Eskiz",
                "EskizGateway",
                "EskizHTTP",
                "EskizPostgres",
                "EskizPrometheus",
                "EskizQueue",
                "EskizSQLite",
                "EskizSimulator",
                "EskizText",
                "EskizVerify",
                "EskizWords",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(name: "eskiz-command", dependencies: ["EskizCommands"]),
        .target(
            name: "EskizTestSupport",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            path: "Tests/EskizTestSupport"
        ),
        .testTarget(name: "EskizTextTests", dependencies: ["EskizTestSupport", "EskizText"]),
        .testTarget(name: "EskizWordsTests", dependencies: ["EskizWords"]),
        .testTarget(
            name: "EskizTests",
            dependencies: [
                "Eskiz",
                "EskizTestSupport",
                "EskizTesting",
                "EskizText",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "EskizHTTPTests",
            dependencies: [
                "EskizHTTP",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "EskizSimulatorTests",
            dependencies: [
                "EskizHTTP",
                "EskizPages",
                "EskizSimulator",
                "EskizWords",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "EskizQueueTests",
            dependencies: [
                "Eskiz",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizTestSupport",
                "EskizTesting",
                "EskizText",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "EskizVerifyTests",
            dependencies: [
                "Eskiz",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSQLite",
                "EskizTesting",
                "EskizText",
                "EskizVerify",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "EskizSQLiteTests",
            dependencies: [
                "Eskiz",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSQLite",
                "EskizTesting",
                "EskizText",
                "EskizVerify",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "EskizPostgresTests",
            dependencies: [
                "Eskiz",
                "EskizPostgres",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSQLite",
                "EskizTesting",
                "EskizText",
                "EskizVerify",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "EskizPrometheusTests",
            dependencies: [
                "EskizPrometheus",
                "EskizTestSupport",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]
        ),
        .testTarget(
            name: "EskizGatewayTests",
            dependencies: [
                "Eskiz",
                "EskizGateway",
                "EskizHTTP",
                "EskizPages",
                "EskizPrometheus",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizTestSupport",
                "EskizTesting",
                "EskizText",
                "EskizVerify",
                "EskizWords",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "EskizCommandsTests",
            dependencies: [
                "Eskiz",
                "EskizCommands",
                "EskizHTTP",
                "EskizPostgres",
                "EskizPrometheus",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSimulator",
                "EskizTesting",
                "EskizText",
                "EskizVerify",
                "EskizWords",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Eskiz",
                "EskizGateway",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSQLite",
                "EskizText",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Eskiz",
                "EskizSimulator",
                "EskizTesting",
                "eskiz-command",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

if benchmarks {
    package.targets += [
        .executableTarget(
            name: "eskiz-send-rate",
            dependencies: [
                "Eskiz",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Benchmarks/SendRate"
        ),
        .executableTarget(
            name: "eskiz-gateway-load",
            dependencies: [
                "Eskiz",
                "EskizGateway",
                "EskizHTTP",
                "EskizQueue",
                "EskizQueueTesting",
                "EskizSQLite",
                "EskizText",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/GatewayLoad"
        ),
        .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
        .executableTarget(
            name: "eskiz-keeper-benchmarks",
            dependencies: ["AllocationCount", "Eskiz", .product(name: "Logging", package: "swift-log")],
            path: "Benchmarks/Keeper"
        ),
    ]
}

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ]
}

// The example is a package of its own for whoever copies it; here it is built with all else, to be run by scripts/examples.
if examples {
    package.targets.append(
        .executableTarget(
            name: "hummingbird-example",
            dependencies: ["Eskiz", .product(name: "Hummingbird", package: "hummingbird")],
            path: "examples/hummingbird/Sources/App"
        )
    )
}

// One test target and what it is made of, for scripts that build it many times.
if let only = Context.environment["ESKIZ_TESTS"] {
    var needed: Set<String> = []
    var names = [only]
    while let name = names.popLast() {
        guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else {
            continue
        }
        for case .byNameItem(let dependency, _) in target.dependencies { names.append(dependency) }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products = []
}

if documentation {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
