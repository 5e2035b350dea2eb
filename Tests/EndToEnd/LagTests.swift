import Foundation
import Testing

@Suite("Consumer lag on the demo", .serialized)
struct LagTests {
  private struct Reading {
    var takenAt: Double
    var verdict: String
    var lag: Int
    var rateIn: Double?
  }

  /// Successive snapshots of payment's consumer group, each taken by a new process.
  private func readings(_ options: [String], seconds: Int) throws -> [Reading] {
    let snapshot = "'\(Binaries.sagatop)' snapshot --sections lag -o json"
    let loop = "end=$(($(date +%s) + \(seconds))); while [ $(date +%s) -lt $end ]; do \(snapshot); done"
    let run = try Run.demo(["--seed", "7", "--rate", "10", "--lead", "0"] + options + ["--", "/bin/sh", "-c", loop])
    return try SnapshotDocument.all(in: run.output).compactMap { snapshot in
      let lag = snapshot.root["lag"] as? [String: Any]
      let groups = lag?["groups"] as? [[String: Any]] ?? []
      guard let group = groups.first(where: { $0["group"] as? String == "payment-service" }) else { return nil }
      return Reading(
        takenAt: snapshot.takenAt, verdict: group["verdict"] as? String ?? "", lag: group["lag"] as? Int ?? -1,
        rateIn: group["rateIn"] as? Double)
    }
  }

  @Test("when payment goes down, its group has no members and a rising lag; when it returns, the group is ok")
  func paymentDown() throws {
    let readings = try readings(["--fault", "payment-down@4", "--fault", "payment-up@12"], seconds: 28)
    let start = try #require(readings.first).takenAt
    let isDown = { (reading: Reading) in ["empty", "stopped"].contains(reading.verdict) }
    let down = readings.filter(isDown)
    let first = try #require(down.first, "\(readings.suffix(3))"), last = try #require(down.last)
    #expect(first.takenAt <= start + 4000 + 15_000)
    #expect(last.lag > first.lag)
    #expect(down.contains { $0.rateIn ?? 0 > 0 })
    let fine = try #require(readings.first { $0.takenAt > last.takenAt && $0.verdict == "ok" }, "\(readings.suffix(3))")
    #expect(fine.takenAt <= start + 12_000 + 15_000)
  }
}
