import Foundation
import TestSupport
import Testing

@Suite("A restart with --state reads only new messages", .serialized)
struct SessionStateTests {
  private let shop: OrderTopics

  init() throws { shop = try OrderTopics() }

  private func kafka(_ document: SnapshotDocument) throws -> [String: Any] {
    try #require(document.sources.first { $0["name"] as? String == "kafka" })
  }

  private var state: [String] { ["--state", shop.folder.path("state")] }

  private func file() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: shop.folder.path("state"))
    #expect(names.count == 1 && names[0].hasPrefix("shop-") && names[0].hasSuffix(".state"), "\(names)")
    return shop.folder.path("state/\(names[0])")
  }

  @Test("the second session shows the same as one that reads everything, but reads only new messages")
  func resumes() throws {
    let records = shop.messages(500, seed: 3)
    try shop.producer.write(Array(records.dropLast(200)))
    let first = try SnapshotDocument(shop.snapshot(state).output)
    #expect(first.isComplete)
    let attributes = try FileManager.default.attributesOfItem(atPath: try file())
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    try shop.producer.write(Array(records.suffix(200)))
    let second = try SnapshotDocument(shop.snapshot(state).output)
    let whole = try SnapshotDocument(shop.snapshot([]).output)
    #expect(second.isComplete && whole.items.count == 500)
    #expect(try OrderTopics.sagas(second) == OrderTopics.sagas(whole))
    #expect(second.counts == whole.counts)
    #expect(try kafka(second)["messages"] as? Int == 200)
    #expect(
      try (kafka(second)["notes"] as? [String] ?? []).contains { $0.contains("are of the session that ended at") })
  }

  @Test("a state file that is truncated, or of another configuration or topic, is discarded with the reason")
  func thrownAway() throws {
    try shop.producer.write(shop.messages(50, seed: 4))
    _ = try shop.snapshot(state)
    let path = try file()
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    func expect(_ reason: String, _ options: [String] = []) throws {
      let run = try shop.snapshot(state + options)
      let document = try SnapshotDocument(run.output)
      let notes = try kafka(document)["notes"] as? [String] ?? []
      #expect(document.isComplete && notes.contains { $0.contains("thrown away") && $0.contains(reason) }, "\(notes)")
      let whole = try SnapshotDocument(shop.snapshot(options).output)
      #expect(try OrderTopics.sagas(document) == OrderTopics.sagas(whole))
    }
    try good.dropLast(9).write(to: URL(fileURLWithPath: path))
    try expect("damaged or cut off")
    try good.write(to: URL(fileURLWithPath: path))
    try expect("another --since", ["--since", "all"])
    try good.write(to: URL(fileURLWithPath: path))
    let text = try shop.folder.text("config.yaml")
    try shop.folder.write(text.replacingOccurrences(of: "Shipped: {", with: "Delivered: {"), to: "config.yaml")
    try expect("other definitions")
    try shop.folder.write(text, to: "config.yaml")
    try good.write(to: URL(fileURLWithPath: path))
    try shop.producer.deleteTopic("shipping")
    try shop.producer.createTopic("shipping", partitions: OrderTopics.partitions)
    try expect("created anew")
  }
}
