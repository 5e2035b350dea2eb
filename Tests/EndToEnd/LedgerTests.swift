import Foundation
import Testing

@Suite("A snapshot of the demo agrees with the demo's ledger", .serialized)
struct LedgerTests {
  @Test("every one of more than 500 sagas, with sold-out stock, duplicates and late events")
  func manySagas() throws {
    let snapshot = try ShopLedger.compare(
      ["--rate", "60", "--lead", "12", "--fault", "stock-out@5", "--fault", "duplicates", "--fault", "reorder"],
      atLeast: 500)
    for status in ["completed", "compensated", "running"] { #expect((snapshot.counts[status] ?? 0) > 0, "\(status)") }
    for status in ["running", "completed", "compensating", "compensated", "failed"] {
      #expect(snapshot.counts[status] == snapshot.items.count { $0["status"] as? String == status })
    }
    #expect(
      snapshot.compensations.count
        == snapshot.items.count { ["compensating", "compensated"].contains($0["status"] as? String) })
  }

  @Test("with an undecodable message and a lost node")
  func poison() throws {
    let snapshot = try ShopLedger.compare(
      ["--rate", "20", "--lead", "8", "--fault", "poison@2", "--fault", "node-lost@4"], atLeast: 100)
    #expect((snapshot.sagas["undecoded"] as? Int ?? 0) > 0)
  }

  @Test("every member of the document is described in docs/snapshot.md")
  func documented() throws {
    let run = try Run.demo(
      ["--broker", "mock", "--rate", "20", "--lead", "5", "--", Binaries.sagatop, "snapshot", "-o", "json"])
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/snapshot.md"), encoding: .utf8)
    let unknown = Self.members(of: document).filter { !page.contains("`\($0)`") }
    #expect(unknown.isEmpty, "\(unknown)")
  }

  @Test("docs/snapshot.md explains for every nullable member when it is null")
  func nulls() throws {
    let page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/snapshot.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").map { $0.components(separatedBy: " | ") }.filter { $0.count >= 3 }
    let nullable = rows.filter { $0[0].hasPrefix("| `") && $0[1].contains("null") }
    #expect(nullable.count > 80)
    for row in nullable { #expect(row[2...].joined().contains("null"), "\(row[0])") }
  }

  private static func members(of value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(members(of: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.values.reduce(into: Set(object.keys)) { $0.formUnion(members(of: $1)) }
  }

  @Test("also with librdkafka's built-in broker")
  func mockBroker() throws {
    let run = try Run.demo(
      [
        "--broker", "mock", "--rate", "10", "--lead", "15", "--", Binaries.sagatop, "snapshot", "-o", "json",
        "--timeout", "20s",
      ])
    #expect(run.code == 0, "\(run.errors)")
    let snapshot = try SnapshotDocument(run.output)
    #expect((snapshot.counts["completed"] ?? 0) > 0)
    #expect(snapshot.sources.first?["phase"] as? String == "up")
  }
}
