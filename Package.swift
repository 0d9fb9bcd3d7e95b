// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled under the same rules: Swift 6 mode, warnings are errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// A target of ours; `dependencies` are the arrows that `Scripts/check-layers` allows.
func part(
  _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict + settings)
}

/// For a part that computes little: the optimizer would take most of the time that it takes to compile. Measured for the
/// pages: 56 s with it, 17 s without, and the longest page takes 24 ms in place of 21.
let unoptimized: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// The program reads less of itself before it begins: packed relocations, which need glibc 2.36 as Debian 12 has it, and
/// no table of symbols that nobody looks up. Measured: 22 MB resident in place of 27, linked in 6 s in place of 25.
let smallAtStart = [
  "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
]

/// A suite of tests for the part of the same name.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

/// A C library that Debian installs.
func systemLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "malleable-checker",
  products: [.executable(name: "checker", targets: ["checker"])],
  dependencies: [
    // Without its support for configuration files, which takes long to compile.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    systemLibrary("CPostgreSQL", pkgConfig: "libpq", package: "libpq-dev"),
    systemLibrary("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
    systemLibrary("CRabbitMQ", pkgConfig: "librabbitmq", package: "librabbitmq-dev"),
    systemLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    systemLibrary("CSodium", pkgConfig: "libsodium", package: "libsodium-dev"),
    systemLibrary("CMark", pkgConfig: "libcmark", package: "libcmark-dev"),
    systemLibrary("CConfinement", pkgConfig: "libseccomp", package: "libseccomp-dev"),
    .target(name: "CADBC", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CWasmtime", linkerSettings: [.linkedLibrary("dl")]),

    part("Domain"),
    part("Rules", ["Domain"]),
    part("CheckFiles", ["Domain", "Rules", yams]),
    part("DataSources", ["Domain", "CPostgreSQL", "CSQLite", "CADBC"]),
    part("Sandbox", ["Domain", "CWasmtime", "CSodium", "CConfinement"]),
    part("Persistence", ["Domain", grdb]),
    part("Channels", ["Domain", "CRabbitMQ", "CCurl", "CMark", "CSodium", mustache], unoptimized),
    part("Demo", ["Domain", grdb]),
    part("Checking", ["Domain", "Rules"]),
    part("Scheduling", ["Domain"]),
    part(
      "WebUI", ["Domain", "Rules", "Checking", "CheckFiles", "CMark", "CSodium", hummingbird, mustache], unoptimized,
      resources: [.copy("Templates"), .copy("Static")]),
    part(
      "CheckerApp",
      [
        "Domain", "Rules", "CheckFiles", "DataSources", "Sandbox", "Persistence", "Channels", "Checking", "Scheduling",
        "WebUI", "Demo", argumentParser,
      ], unoptimized),
    .executableTarget(
      name: "checker", dependencies: ["CheckerApp"], swiftSettings: strict,
      linkerSettings: [.unsafeFlags(smallAtStart)]),

    .target(
      name: "TestSupport", dependencies: ["Domain", "DataSources", "CRabbitMQ"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("Domain", ["Domain"]),
    tests("Rules", ["Domain", "Rules", "DataSources"]),
    tests("CheckFiles", ["Domain", "Rules", "CheckFiles"]),
    tests("DataSources", ["Domain", "DataSources", "CADBC"]),
    tests("Sandbox", ["Domain", "Sandbox", "CWasmtime"]),
    tests("Persistence", ["Domain", "Persistence", grdb]),
    tests("Channels", ["Domain", "Channels"]),
    tests("Checking", ["Domain", "Rules", "Checking", "DataSources", "Persistence"]),
    tests("Scheduling", ["Domain", "Channels", "Scheduling", "Persistence"]),
    tests(
      "WebUI",
      ["Domain", "Checking", "CheckFiles", "WebUI", "Persistence", "DataSources", "Channels", "CheckerApp"]),
    tests(
      "CheckerApp",
      ["Domain", "Rules", "CheckFiles", "DataSources", "Persistence", "Channels", "Checking", "CheckerApp"]),
  ]
)
