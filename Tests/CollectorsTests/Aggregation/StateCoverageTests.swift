import Core
import Testing

@testable import Clients
@testable import Collectors

@Suite("Progress of shared state, and validity of a session")
struct StateCoverageTests {
  private static let start = Timestamp(milliseconds: 1_769_508_000_000)

  @Test("progress is the minimum over all partitions; a partition without recent reports makes it uncertain")
  func coverage() {
    func progress(_ partition: Int32, _ seconds: Int) -> StateProgress {
      StateProgress(
        topic: "t1", partition: partition, next: 5, until: Self.start + .seconds(seconds), interval: .seconds(5))
    }
    let now = Self.start + .seconds(100)
    var coverage = StateCoverage()
    #expect(coverage.verdict(at: now).doubt?.contains("holds nothing yet") ?? false)
    coverage.note([progress(0, 95), progress(1, 90)])
    #expect(coverage.verdict(at: now) == .init(until: Self.start + .seconds(90), patience: .seconds(20), doubt: nil))
    coverage.note([progress(1, 99), progress(1, 97)])
    #expect(coverage.verdict(at: now).until == Self.start + .seconds(95))
    #expect(coverage.verdict(at: now + .seconds(60)).doubt?.contains("t1/0 is told of up to") ?? false)
    coverage.wanted = Set((0...2).map { TopicPartition(topic: "t1", partition: $0) })
    let verdict = coverage.verdict(at: now)
    #expect(verdict.until == nil && verdict.doubt?.contains("1 of 3 partitions, such as t1/2") ?? false)
    // A deleted topic does not block the verdict.
    coverage.wanted = [TopicPartition(topic: "t1", partition: 1)]
    #expect(coverage.verdict(at: now).until == Self.start + .seconds(99))
  }

  @Test("a source topic with an error since the start makes the progress unknown, until its partitions are listed")
  func troubledSource() {
    let told = ["t1", "t2"].map {
      StateProgress(topic: $0, partition: 0, next: 5, until: Self.start, interval: .seconds(5))
    }
    func metadata(_ topics: [String], _ troubled: [String: String] = [:]) -> ClusterMetadata {
      let partitions = topics.map { ($0, [ClusterMetadata.Partition(id: 0, leader: 1)]) }
      return ClusterMetadata(
        brokers: [:], topics: Dictionary(uniqueKeysWithValues: partitions), troubled: troubled)
    }
    var coverage = StateCoverage()
    coverage.note(told)
    let cases: [(metadata: ClusterMetadata, isKnown: Bool)] = [
      (metadata(["t1", "other"], ["other2": "Invalid topic"]), true),
      (metadata(["t1"], ["t2": "Leader not available"]), false), (metadata(["t1", "t2"]), true),
      (metadata(["t1"], ["t2": "Leader not available"]), true), (metadata(["t1"]), true),
      (metadata(["t1"], ["t2": "Leader not available"]), false),
    ]
    for (number, item) in cases.enumerated() {
      coverage.note(item.metadata) { $0.hasPrefix("t") }
      let verdict = coverage.verdict(at: Self.start)
      #expect(verdict.until == (item.isKnown ? Self.start : nil), "case \(number)")
      let doubt = "the partitions of the source topic t2 are not known: Leader not available"
      #expect(verdict.doubt == (item.isKnown ? nil : doubt), "case \(number)")
    }
  }

  @Test("the partitions reported by the broker decide whether a session can continue")
  func bounds() {
    let id = TopicPartition(topic: "t1", partition: 0)
    let cases: [(start: Int64?, end: Int64?, later: Int64?, reason: String?)] = [
      (0, 10, -1, nil), (0, 12, 10, nil), (5, 20, 15, nil), (10, 10, -1, nil), (0, 12, -1, nil),
      (nil, 10, -1, "is not there"), (0, nil, -1, "is not there"), (0, 9, -1, "created anew"),
      (11, 20, 15, "were missed"), (0, 30, 0, "created anew"), (0, 30, 9, "created anew"),
      (0, 30, nil, "no broker tells"),
    ]
    for (start, end, later, reason) in cases {
      let bounds = SessionBounds(
        starts: start.map { [id: $0] } ?? [:], ends: end.map { [id: $0] } ?? [:], later: later.map { [id: $0] } ?? [:])
      let doubt = bounds.doubt([id: 10])
      #expect(
        reason.map { doubt?.contains($0) ?? false } ?? (doubt == nil), "\(start ?? -9) \(end ?? -9): \(doubt ?? "-")")
    }
  }
}
