import Collectors
import Core
import Glibc
import TestSupport

/// Time to measure the lag of 200 groups in 1,000 partitions: warm, as a new process, and with the method of other tools; each also with
/// 20 ms added to every round trip.
struct LagBenchmark {
  private static let delay = Duration.milliseconds(20)

  private let sagatop: String
  /// `nil` if it is not installed.
  private let kafkatop: String?

  /// Reads the programs' paths from `SAGATOP` and `KAFKATOP`.
  init() throws {
    guard let sagatop = Self.path("SAGATOP") else { throw TestFailure("SAGATOP does not name the program") }
    (self.sagatop, kafkatop) = (sagatop, Self.path("KAFKATOP"))
  }

  private static func path(_ variable: String) -> String? {
    getenv(variable).map { String(cString: $0) }.flatMap { access($0, X_OK) == 0 ? $0 : nil }
  }

  func run(_ budgets: Budgets) throws {
    let cluster = try LagCluster()
    let proxy = try DelayingProxy(to: cluster.server.port, delay: Self.delay)
    print(
      "lag of \(LagCluster.groups) groups in \(LagCluster.partitions.count) partitions, \(LagCluster.groups * 60) commits"
    )
    try measure("local broker", cluster.server.brokers, lag: cluster.lag, rounds: 21, .milliseconds(100), budgets)
    try measure(
      "20 ms added to each round trip", proxy.brokers, lag: cluster.lag, rounds: 11, .milliseconds(500), budgets)
  }

  private func measure(
    _ place: String, _ brokers: String, lag: Int, rounds: Int, _ longest: Duration, _ budgets: Budgets
  ) throws {
    let readings = try LagReadings.take(rounds + 1, from: brokers)
    let whole = readings.dropFirst().filter { $0.lag != nil }
    if let wrong = readings.compactMap(\.lag).first(where: { $0 != lag }) {
      throw TestFailure("the lag is \(wrong), not \(lag)")
    }
    guard whole.count > rounds / 2 else { throw TestFailure("\(whole.count) of \(rounds) readings know all groups") }
    let warm = Timing(whole.map(\.took))
    let naive = try Timing(runs: 1) {
      try NaiveReader(brokers).read(groups: LagCluster.groupNames, partitions: LagCluster.partitions)
    }
    print("  \(place)")
    print(
      "    one full reading, warm        \(warm.text), \(readings[rounds].requests) requests; "
        + "\(whole.count) of \(rounds) know all groups")
    budgets.add(
      "lag of 200 groups, \(place)", warm.median / .milliseconds(1), .atMost(longest / .milliseconds(1)), unit: " ms",
      ratio: "\(tenths(naive.median / warm.median)) times as fast as one by one", by: "lag")
    print("    the first reading             \(Timing.text(readings[0].took))")
    print("    one by one                    \(naive.text): \(tenths(naive.median / warm.median)) times as long")
    let snapshot = [sagatop, "snapshot", "--brokers", brokers, "--preset", "spring", "--sections", "lag"]
    let cold = try Timing(runs: 9) { try runToEnd(snapshot) }
    print("    sagatop snapshot, cold        \(cold.text)")
    let wide = try Timing(runs: 5) { try runToEnd(snapshot + ["-o", "wide"]) }
    print("    the same, every partition     \(wide.text)")
    guard let kafkatop else { return print("    kafkatop is not here: pip install kafkatop into .cache/kafkatop") }
    let other = try Timing(runs: 5) {
      try runToEnd([kafkatop, "--kafka-broker", brokers, "--all", "--summary-json"])
    }
    print("    kafkatop --summary-json       \(other.text): \(tenths(other.median / cold.median)) times as long")
    budgets.add(
      "snapshot of lag, of kafkatop's time, \(place)", cold.median / other.median, .atMost(0.5), unit: " times",
      ratio: "\(Timing.text(cold.median)) against \(Timing.text(other.median))", by: "lag")
  }

  private func tenths(_ ratio: Double) -> String { "\((ratio * 10).rounded() / 10)" }
}
