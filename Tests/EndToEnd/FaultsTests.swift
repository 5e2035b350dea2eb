import Foundation
import Testing

@Suite("A leaked lock and a payment service that is down, in one run", .serialized)
struct FaultsTests {
  private static let faults = ["--fault", "lock-leak@5", "--fault", "payment-down@10"]

  /// Milliseconds until a fault must be reported.
  private static let allowed = 5000.0

  private static var now: Double { Date().timeIntervalSince1970 * 1000 }

  @Test("both screens show it within five seconds, with its age")
  func live() throws {
    let log = DemoLog()
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --rate 10 --log '\(log.file.path)' \(Self.faults.joined(separator: " ")) -- "
        + "'\(Binaries.sagatop)'", columns: 120, rows: 30)
    try screen.wait(for: "TIMELINE")
    try screen.type("5")
    try screen.wait(for: "✖ immortal  ", within: 60)
    let leak = try log.time(of: "lock-leak")
    #expect(Self.now - leak <= Self.allowed)
    try screen.type("6")
    try screen.wait(for: "✖ down  ", within: 60)
    let down = try log.time(of: "payment-down")
    #expect(Self.now - down <= Self.allowed)
    // The transition was observed, so the age is exact.
    try expectAge("payment-service", isExact: true, since: down, screen)
    try screen.type("5")
    // Redisson's locks contain no acquisition time, so the age is a lower bound.
    try expectAge("inventory:lock:1 ", isExact: false, since: leak, screen)
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  /// Checks the age in a row of the screen. It is updated every second. From ten seconds on it is shown in whole seconds.
  private func expectAge(_ name: String, isExact: Bool, since start: Double, _ screen: Tmux) throws {
    let (text, before) = try eventually("an age of \(name)") { () -> (Substring, Double)? in
      let before = Self.now
      let row = try screen.screen.split(separator: "\n").first {
        $0.dropFirst().hasPrefix(" \(name)") || $0.hasPrefix("▷ \(name)")
      }
      let words = row?.split(separator: " ") ?? []
      let age = words.first { $0.hasSuffix("s") && ($0.first?.isNumber == true || $0.first == "≥") }
      return age.map { ($0, before) }
    }
    #expect(text.hasPrefix("≥") == !isExact, "\(text)")
    let age = try #require(Double(text.drop { $0 == "≥" }.dropLast()), "\(text) is an age of less than a minute") * 1000
    let truth = before - start
    #expect(age <= truth + 1000 && age >= truth - 3500, "it says \(text), but it has been so for \(truth) ms")
  }

  @Test("snapshots show it within five seconds; an age unknown to a single snapshot is a correct lower bound")
  func snapshots() throws {
    let log = DemoLog()
    let run = try Run.demo(
      ["--seed", "7", "--rate", "10", "--lead", "0", "--log", log.file.path] + Self.faults + [
        "--", "/bin/sh", "-c", Self.watching,
      ])
    #expect(run.code == 0, "\(run.errors)")
    let documents = try SnapshotDocument.all(in: run.output)
    #expect(documents.count > 3)
    try expectLock(documents, leak: log.time(of: "lock-leak"))
    try expectService(documents, down: log.time(of: "payment-down"))
  }

  private func expectLock(_ documents: [SnapshotDocument], leak: Double) throws {
    let told = documents.compactMap { document -> (takenAt: Double, lock: [String: Any])? in
      let locks = document.root["locks"] as? [[String: Any]] ?? []
      return locks.first { $0["verdict"] as? String == "immortal" }.map { (document.takenAt, $0) }
    }
    #expect(try #require(told.first).takenAt - leak <= Self.allowed)
    for (takenAt, lock) in told {
      let age = try #require(lock["ageMs"] as? Double)
      #expect(lock["ageQuality"] as? String == "atLeast" && age <= takenAt - leak, "\(age) of \(takenAt - leak) ms")
    }
  }

  private func expectService(_ documents: [SnapshotDocument], down: Double) throws {
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let told = documents.compactMap { document -> (takenAt: Double, service: [String: Any])? in
      let services = document.root["services"] as? [[String: Any]] ?? []
      return services.first { $0["name"] as? String == "payment-service" && $0["verdict"] as? String == "down" }
        .map { (document.takenAt, $0) }
    }
    #expect(try #require(told.first).takenAt - down <= Self.allowed)
    for (takenAt, service) in told {
      let since =
        try #require((service["since"] as? String).flatMap { format.date(from: $0) }).timeIntervalSince1970 * 1000
      // An age is exact only if the same snapshot observed the transition.
      let isSeen = takenAt - since < 2000
      #expect(since >= down && (service["sinceAtLeast"] as? Bool == true || isSeen), "\(takenAt - since) ms")
    }
  }

  /// Takes snapshots until three of them contain both faults.
  private static let watching = """
    told=0
    end=$(($(date +%s) + 60))
    while [ $(date +%s) -lt $end ]; do
      text=$('\(Binaries.sagatop)' snapshot -o json --sections locks,services) || exit
      printf '%s\\n' "$text"
      case $text in *'"immortal"'*'"down"'*) told=$((told + 1));; esac
      [ "$told" -lt 3 ] || exit 0
    done
    exit 1
    """
}
