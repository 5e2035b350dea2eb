import Glibc
import TestSupport

// Benchmarks SAGATOP [KAFKATOP]
let arguments = CommandLine.arguments
do {
  guard arguments.count > 1 else { throw TestFailure("expected the path of sagatop") }
  try LagBenchmark(sagatop: arguments[1], kafkatop: arguments.count > 2 ? arguments[2] : nil).run()
} catch {
  print(error)
  exit(1)
}
