// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "codes",
    platforms: [.macOS(.v15)],
    dependencies: [
        // An application of your own names the repository here instead of the folder.
        .package(name: "eskiz", path: "../.."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "App",
            dependencies: [
                .product(name: "Eskiz", package: "eskiz"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
