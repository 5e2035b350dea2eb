import Foundation
import TestSupport
import Testing

@Suite("Instances that share reading publish the state of a single process", .serialized)
struct AggregationTests {
  private let shop: OrderTopics

  init() throws { shop = try OrderTopics() }

  private func instance() throws -> RunningProgram {
    try RunningProgram(
      Binaries.sagatop,
      [
        "aggregate", "-c", shop.configuration, "--group", "watch", "--topic", "__state", "--every", "2s", "--create",
        "6",
      ])
  }

  /// A debug build reads a few thousand records per second. `SAGATOP_SAGAS=10000` takes many minutes.
  private static let sagas = Int(ProcessInfo.processInfo.environment["SAGATOP_SAGAS"] ?? "") ?? 1000

  @Test(
    "many sagas with duplicates and in random order, read by three instances; one is killed and another one is added"
  )
  func union() throws {
    let seed: UInt64 = 7
    let records = shop.messages(Self.sagas, seed: seed)
    // The first instance leads the group and is not killed: unlike Kafka, this test's broker never replaces a dead group leader.
    var instances = [try instance()]
    try shop.producer.write(Array(records.prefix(records.count / 3)))
    try eventually(within: 120, "state is published") {
      try SnapshotDocument(shop.snapshot(["--from-state", "__state", "--timeout", "2s"]).output).items.count > Self
        .sagas / 20
        ? true : nil
    }
    instances += [try instance(), try instance()]
    try eventually(within: 120, "all three read") { () -> Bool? in
      try instances.allSatisfy { try $0.hasSaid("reads ") } ? true : nil
    }
    instances[2].send(SIGKILL)
    try shop.producer.write(Array(records[records.count / 3..<records.count * 2 / 3]))
    instances.append(try instance())
    try shop.producer.write(Array(records[(records.count * 2 / 3)...]))
    let whole = try SnapshotDocument(shop.snapshot(["--timeout", "120s"]).output)
    #expect(whole.isComplete && whole.items.count == Self.sagas)
    let expected = try OrderTopics.sagas(whole)
    var last: SnapshotDocument?
    _ = try? eventually(within: 240, "the state is whole") { () -> Bool? in
      let run = try shop.snapshot(["--from-state", "__state", "--timeout", "60s"])
      last = try SnapshotDocument(run.output)
      return try run.code == 0 && last.map(OrderTopics.sagas) == expected ? true : nil
    }
    let document = try #require(last)
    #expect(document.isComplete, "\(document.sources)")
    let found = try OrderTopics.sagas(document)
    #expect(found.count == expected.count)
    let different = zip(found, expected).filter { $0 != $1 }
    #expect(
      different.isEmpty, "seed \(seed): \(different.count), such as \(different.first.map { "\($0)\n\($1)" } ?? "")")
    #expect(document.counts == whole.counts)
    instances.remove(at: 2)
    for instance in instances { instance.send(SIGTERM) }
    for instance in instances {
      let run = try instance.end(within: 60)
      #expect(run.code == 0, "\(run.errors)")
    }
  }

  @Test("if no instance reports the topics any more, the snapshot is incomplete and says so")
  func silence() throws {
    try shop.producer.write(shop.messages(50, seed: 1))
    let missing = try shop.snapshot(["--from-state", "__state", "--timeout", "2s"])
    #expect(missing.code == 3 && missing.errors.contains("there is no topic __state"), "\(missing.errors)")
    let refused = try Run.sagatop(
      ["aggregate", "-c", shop.configuration, "--group", "watch", "--topic", "__state"])
    #expect(
      refused.code == 78 && refused.errors.contains("--config cleanup.policy=compact,delete"), "\(refused.errors)")
    let first = try instance()
    try eventually(within: 60, "the state is whole") {
      try shop.snapshot(["--from-state", "__state"]).code == 0 ? true : nil
    }
    first.send(SIGTERM)
    #expect(try first.end(within: 60).code == 0)
    // The instance's state is still readable. It is reported as silent after at least 20 s.
    try eventually(within: 60, "the silence is told") { () -> Bool? in
      let run = try shop.snapshot(["--from-state", "__state", "--timeout", "5s"])
      guard run.code == 3, run.errors.contains("is told of up to") else { return nil }
      return try SnapshotDocument(run.output).items.count == 50 ? true : nil
    }
  }
}
