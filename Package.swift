// swift-tools-version: 6.2
import PackageDescription

// Arrows point downwards only; docs/architecture.md draws them and `make check` holds the sources to them.

/// `make test` and `make check` turn every warning into an error; a user's newer compiler may know new ones.
let isStrict = Context.environment["SAGATOP_STRICT"] != nil
let strict: [SwiftSetting] =
  [.enableUpcomingFeature("ExistentialAny")] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

/// Modules in which nothing is done per message are compiled for size: the binary has a budget.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// The program exports no symbols, folds equal functions, and packs its relocations (glibc 2.36 or later): 10 % of its size.
let smallLink = [
  "-use-ld=lld", "-Xlinker", "--icf=safe", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-z", "-Xlinker",
  "pack-relative-relocs",
]

/// `make fuzz` sets it: the modules count which of their edges an input takes.
let isFuzzed = Context.environment["SAGATOP_FUZZ"] != nil
let counters: [SwiftSetting] = isFuzzed ? [.unsafeFlags(["-sanitize=fuzzer"]), .define("FUZZED")] : []
/// What is undefined in C and C++ ends the program there.
let trapped =
  isFuzzed ? ["-fsanitize=undefined", "-fno-sanitize=vptr,function", "-fsanitize-trap=undefined"] : []

/// `make tsan` sets it: tests and programs report locks and threads to the sanitizer that it does not detect.
let isRaced = Context.environment["SAGATOP_TSAN"] != nil
let seenThreads: [Target.Dependency] = isRaced ? ["CSeenThreads"] : []

/// A library of the product: Swift 6 mode, no Foundation, only the named modules below it.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], _ more: [SwiftSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict + counters + more)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: strict)
}

/// A module map over a Debian library, nothing else.
func library(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/CInterop/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

// simdjson's on-demand parser is compiled into its user, for what the compiler may assume of the processor. Every x86-64 since 2010
// has these; without them it falls back to a parser that is several times slower.
#if arch(x86_64)
  let simdFlags = ["-msse4.2", "-mpclmul"]
#else
  let simdFlags: [String] = []
#endif

let program: Target = {
  let parts: [Target.Dependency] =
    [
      "Actions", "Clients", "Core", "Collectors", "Configuration", "Reports", "Text", "TUI", "CSystem",
    ] + seenThreads
  // The fuzzer reads command lines, and has a `main` of its own.
  if isFuzzed { return .target(name: "sagatop", dependencies: parts, swiftSettings: strict + counters) }
  return .executableTarget(
    name: "sagatop", dependencies: parts, swiftSettings: strict + small,
    linkerSettings: [.unsafeFlags(smallLink, .when(configuration: .release))])
}()

let package = Package(
  name: "sagatop",
  products: [
    .executable(name: "sagatop", targets: ["sagatop"]),
    .executable(name: "sagatop-demo", targets: ["Demo"]),
  ].filter { !isFuzzed || $0.name != "sagatop" },
  targets: [
    module("Text", ["COpenSSL"]),
    module("Core", ["Text"]),
    module("Clients", ["Core", "Text", "CCurl", "CKafka", "CHiredis", "COpenSSL", "CSystem"]),
    module("Collectors", ["Clients", "Core", "Text", "CProtobuf", "CSimdjson", "CSystem", "CZlib", "CZstd"]),
    module("Actions", ["Clients", "Core", "Text", "CSystem"], small),
    .target(
      name: "Configuration", dependencies: ["Clients", "Core", "Text", "CYaml"],
      resources: [.embedInCode("Resources/presets"), .embedInCode("Resources/themes")],
      swiftSettings: strict + counters + small),
    module("TUI", ["Core", "Text", "CNcurses", "CSystem"], small),
    module("Reports", ["Core", "Text", "TUI"], small),
    program,
    .executableTarget(
      name: "Demo", dependencies: ["CKafka", "CHiredis", "CMicrohttpd", "COpenSSL", "CSystem"] + seenThreads,
      swiftSettings: strict),
    tests(of: "Demo", ["CSystem"]),

    .target(
      name: "CNcurses", path: "Sources/CInterop/CNcurses", cSettings: [.unsafeFlags(trapped)],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CSystem", path: "Sources/CInterop/CSystem", cSettings: [.unsafeFlags(trapped)]),
    .target(
      name: "CSimdjson", path: "Sources/CInterop/CSimdjson",
      cxxSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug)), .unsafeFlags(simdFlags + trapped)],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CProtobuf", path: "Sources/CInterop/CProtobuf",
      cxxSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug)), .unsafeFlags(trapped)],
      linkerSettings: [.linkedLibrary("protobuf")]),
    library("CZlib", package: "zlib1g-dev"),
    library("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    library("CKafka", pkgConfig: "rdkafka", package: "librdkafka-dev"),
    library("CHiredis", package: "libhiredis-dev"),
    library("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
    library("CMicrohttpd", package: "libmicrohttpd-dev"),
    library("CZstd", pkgConfig: "libzstd", package: "libzstd-dev"),
    library("CYaml", pkgConfig: "yaml-0.1", package: "libyaml-dev"),

    tests(of: "Text", ["TestRandom"]),
    tests(of: "Core", ["Text", "TestMessages", "TestRandom"], exclude: ["Services/MetricPages"]),
    tests(of: "Clients", ["Core", "Text", "TestSupport"]),
    tests(
      of: "Collectors", ["Clients", "Core", "Text", "TestMessages", "TestRandom", "TestSupport"],
      exclude: ["Schemas/Oracle"]),
    tests(of: "Actions", ["Clients", "Collectors", "Core", "Text", "TestRandom", "TestSupport"]),
    tests(of: "Configuration", ["Clients", "Core", "Text", "TestMessages"], exclude: ["Fixtures"]),
    tests(of: "TUI", ["Text", "CNcurses", "CSystem", "TestRandom"], exclude: ["Views/Goldens"]),
    tests(of: "Reports", ["Core", "Text"]),
    tests(
      of: "sagatop", ["Collectors", "Configuration", "Core", "Reports", "Text", "TUI", "TestRandom", "TestSupport"],
      exclude: ["Reliability/Fixtures"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["CSystem", "sagatop", "Demo", "TestRandom", "TestSupport"],
      path: "Tests/EndToEnd", exclude: ["Support/hostile-server.py"], swiftSettings: strict),
    .executableTarget(
      name: "sagatop-bench",
      dependencies: [
        "Clients", "Collectors", "Core", "TUI", "Text", "CKafka", "CSimdjsonPass", "CSystem", "TestSupport",
      ],
      path: "Tests/Bench",
      exclude: ["CSimdjsonPass"], swiftSettings: strict),
    .target(
      name: "CSimdjsonPass", path: "Tests/Bench/CSimdjsonPass",
      cxxSettings: [.unsafeFlags(simdFlags)], linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "TestSupport", dependencies: ["CHangingNames", "CHiredis", "CKafka", "CSystem"] + seenThreads,
      path: "Tests/TestSupport", exclude: ["CHangingNames", "CSeenThreads", "Kafka/secure-broker.py"],
      swiftSettings: strict),
    .target(
      name: "TestMessages", dependencies: ["Core", "TestRandom"], path: "Tests/TestMessages", swiftSettings: strict),
    .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: strict),
    .target(name: "CHangingNames", path: "Tests/TestSupport/CHangingNames"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

if isRaced {
  let reports = "\"\(Context.packageDirectory)/.build/tsan/report\""
  package.targets.append(
    .target(
      name: "CSeenThreads", path: "Tests/TestSupport/CSeenThreads", cSettings: [.define("REPORTS", to: reports)]))
}

// It tests internals, which an ordinary release build does not open.
if isFuzzed {
  package.targets += [
    .executableTarget(
      name: "sagatop-fuzz",
      dependencies: [
        "Actions", "Clients", "Collectors", "Configuration", "Core", "TUI", "Text", "CFuzzCoverage", "CHiredis",
        "CNcurses", "TestRandom",
        "TestSupport", "sagatop",
      ], path: "Tests/Fuzz", exclude: ["CFuzzCoverage"], swiftSettings: strict),
    .target(name: "CFuzzCoverage", path: "Tests/Fuzz/CFuzzCoverage"),
  ]
}
