import Glibc

/// A benchmark by its name on the command line. What prints a budget of the design says which in its last line.
struct Benchmark {
  var name: String
  var run: () async throws -> Void
}

/// A new one is one line here.
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
/// Takes a gigabyte and some minutes: only by its name.
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
