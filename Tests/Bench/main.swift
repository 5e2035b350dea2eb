import Glibc

let known = ["decode", "schemas", "catch-up", "lag", "services", "polling", "topics"]
let wanted = CommandLine.arguments.dropFirst().isEmpty ? known : Array(CommandLine.arguments.dropFirst())
for name in wanted {
  do {
    switch name {
    case "decode": DecodingBench().run()
    case "schemas": try SchemasBench().run()
    case "catch-up": try CatchUpBench().run()
    case "lag": try LagBenchmark().run()
    case "services": try ServicesBenchmark().run()
    case "polling": try await PollingBenchmark().run()
    case "topics": try TopicsBenchmark().run()
    default: print("sagatop-bench: unknown benchmark \(name) (known are \(known.joined(separator: ", ")))")
    }
  } catch {
    print("sagatop-bench \(name): \(error)")
    exit(1)
  }
}
