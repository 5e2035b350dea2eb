import Glibc
import TestSupport

// Benchmarks SAGATOP [KAFKATOP], paths of programs. The second may be missing.
let arguments = CommandLine.arguments
do {
  guard arguments.count > 1 else { throw TestFailure("expected the path of sagatop") }
  try ServicesBenchmark().run()
  try LagBenchmark(sagatop: arguments[1], kafkatop: arguments.dropFirst(2).first { access($0, X_OK) == 0 }).run()
} catch {
  print(error)
  exit(1)
}
