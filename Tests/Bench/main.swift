import Glibc

/// A benchmark and its name on the command line. Adds measured values with a budget to the run's table.
struct Benchmark {
  var name: String
  var run: (Budgets) async throws -> Void
}

/// Add new benchmarks here.
let benchmarks = [
  Benchmark(name: "decode") { DecodingBench().run($0) },
  Benchmark(name: "counts") { try CountsBench().run($0) },
  Benchmark(name: "threads") { ThreadsBench().run($0) },
  Benchmark(name: "sagas") { SagasBench(sagas: 100_000, name: "sagas").run($0) },
  Benchmark(name: "render") { RenderBench().run($0) },
  Benchmark(name: "growth") { try GrowthBench().run($0) },
  Benchmark(name: "schemas") { try SchemasBench().run($0) },
  Benchmark(name: "catch-up") { try CatchUpBench().run($0) },
  Benchmark(name: "start") { try StartBench().run($0) },
  Benchmark(name: "idle") { try IdleBench().run($0) },
  Benchmark(name: "keys") { try KeysBench().run($0) },
  Benchmark(name: "lag") { try LagBenchmark().run($0) },
  Benchmark(name: "services") { try ServicesBenchmark().run($0) },
  Benchmark(name: "polling") { try await PollingBenchmark().run($0) },
  Benchmark(name: "topics") { try TopicsBenchmark().run($0) },
]
/// Not run by default, because they need a gigabyte of memory or run for a configured time.
let large = [
  Benchmark(name: "million") { SagasBench(sagas: 1_000_000, name: "million").run($0) },
  Benchmark(name: "soak") { try SoakBench().run($0) },
]

let wanted =
  CommandLine.arguments.dropFirst().isEmpty ? benchmarks.map(\.name) : Array(CommandLine.arguments.dropFirst())
let budgets = Budgets()
var hasFailed = false
for name in wanted {
  guard let benchmark = (benchmarks + large).first(where: { $0.name == name }) else {
    let names = (benchmarks + large).map(\.name).joined(separator: ", ")
    print("sagatop-bench: unknown benchmark \(name); known are \(names)")
    exit(64)
  }
  do {
    try await benchmark.run(budgets)
  } catch {
    print("sagatop-bench \(name): \(error)")
    budgets.missing(name, "\(error)")
    hasFailed = true
  }
  // Flushed, so that output to a file is visible immediately.
  fflush(nil)
}
budgets.show()
exit(hasFailed ? 1 : 0)
