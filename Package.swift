// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "syncron",
    products: [.executable(name: "syncron", targets: ["syncron"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "CSyncron", publicHeadersPath: "include"),
        library("SyncronCore", ["CSyncron"]),
        library("SyncronJournal", ["SyncronCore", "CSyncron", crypto]),
        library("SyncronMarketData", ["SyncronCore"]),
        library(
            "SyncronHistory",
            [
                "SyncronCore", "SyncronMarketData", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        library(
            "SyncronNode",
            ["SyncronCore", "SyncronJournal", "SyncronMarketData", "SyncronHistory", "CSyncron", logging]),
        library("SyncronWire", [crypto, .product(name: "NIOCore", package: "swift-nio")]),
        library(
            "SyncronGateway",
            [
                "SyncronNode", "SyncronWire", crypto, cryptoExtras, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        library(
            "SyncronSimulator", ["SyncronNode", "SyncronJournal", "SyncronHistory", "SyncronMarketData", "CSyncron"]),
        .executableTarget(
            name: "syncron",
            dependencies: [
                "SyncronGateway", "SyncronSimulator", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        tests("SyncronCoreTests", ["SyncronCore", "SyncronSimulator"], exclude: ["Transcripts/Stories"]),
        tests("SyncronJournalTests", ["SyncronJournal"]),
        tests("SyncronMarketDataTests", ["SyncronMarketData"]),
        tests("SyncronHistoryTests", ["SyncronHistory"]),
        tests("SyncronNodeTests", ["SyncronNode", "SyncronSimulator"]),
        tests("SyncronWireTests", ["SyncronWire"]),
        tests("SyncronGatewayTests", ["SyncronGateway"]),
        tests("EndToEndTests", ["syncron", "SyncronWire"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)
