import Glibc

/// A benchmark with its name on the command line. A benchmark with a budget in the design prints the budget in its last line.
struct Benchmark {
  var name: String
  var run: () async throws -> Void
}

/// Add new benchmarks here.
let benchmarks = [
  Benchmark(name: "decode") { DecodingBench().run() },
  Benchmark(name: "counts") { try CountsBench().run() },
  Benchmark(name: "threads") { ThreadsBench().run() },
  Benchmark(name: "sagas") { SagasBench(sagas: 100_000).run() },
  Benchmark(name: "growth") { try GrowthBench().run() },
  Benchmark(name: "schemas") { try SchemasBench().run() },
  Benchmark(name: "catch-up") { try CatchUpBench().run() },
  Benchmark(name: "lag") { try LagBenchmark().run() },
  Benchmark(name: "services") { try ServicesBenchmark().run() },
  Benchmark(name: "polling") { try await PollingBenchmark().run() },
  Benchmark(name: "topics") { try TopicsBenchmark().run() },
]
/// Needs one gigabyte and several minutes, so it runs only when named.
let large = [Benchmark(name: "million") { SagasBench(sagas: 1_000_000).run() }]

let wanted =
  CommandLine.arguments.dropFirst().isEmpty ? benchmarks.map(\.name) : Array(CommandLine.arguments.dropFirst())
for name in wanted {
  guard let benchmark = (benchmarks + large).first(where: { $0.name == name }) else {
    let names = (benchmarks + large).map(\.name).joined(separator: ", ")
    print("sagatop-bench: unknown benchmark \(name); known are \(names)")
    exit(64)
  }
  do {
    try await benchmark.run()
  } catch {
    print("sagatop-bench \(name): \(error)")
    exit(1)
  }
}
