import Foundation
import Testing

@Suite("The chat's snapshot tells what the chat did", .serialized)
struct ChatLedgerTests {
  /// A friend request after what the ledger says, reckoned without sagatop.
  private static func saga(after entries: [StyleLedger.Entry]) -> StyleLedger.Saga {
    let answer = entries.first { $0.step == "answer" }
    var saga = StyleLedger.Saga(
      status: answer?.status ?? "running", error: answer?.error, steps: [:], stepErrors: [:])
    saga.steps["request"] = entries.contains { $0.step == "request" } ? "completed" : "open"
    saga.steps["answer"] = answer.map { $0.effect == "none" ? "open" : $0.effect } ?? "open"
    saga.stepErrors["answer"] = answer?.error
    return saga
  }

  private func compare(_ options: [String], atLeast: Int) throws -> SnapshotDocument {
    let (document, ledger) = try StyleLedger.run(style: "chat", options, ids: ["friendshipId"])
    let wrong = ledger.faults(of: document, state: Self.saga)
    #expect(wrong.isEmpty, "\(wrong.count) of \(document.items.count): \(wrong.prefix(3))")
    #expect(document.isComplete && document.items.count >= atLeast)
    for status in ["running", "completed", "compensated", "failed"] {
      #expect((document.counts[status] ?? 0) > 0, "\(status)")
    }
    return document
  }

  @Test("friend request by friend request over more than 500, with both forms of types, duplicates and late events")
  func requests() throws {
    let document = try compare(
      [
        "--broker", "noida", "--rate", "50", "--lead", "12", "--fault", "duplicates", "--fault", "reorder", "--fault",
        "poison@1",
      ], atLeast: 500)
    #expect(document.sagas["undecoded"] as? Int == 1)
    let services = document.root["services"] as? [[String: Any]] ?? []
    #expect(services.contains { $0["name"] as? String == "gateway" && ($0["rate"] as? Double ?? 0) > 0 })
    let lag = document.root["lag"] as? [String: Any] ?? [:]
    let topics = lag["topics"] as? [[String: Any]] ?? []
    #expect(topics.contains { $0["topic"] as? String == "friend.events.dlq" && ($0["messages"] as? Int ?? 0) > 0 })
    #expect((lag["groups"] as? [[String: Any]] ?? []).contains { $0["group"] as? String == "notification-group" })
  }

  @Test("on three brokers, with a service that is away and its circuit open")
  func threeBrokers() throws {
    let document = try compare(
      ["--broker", "mock", "--rate", "20", "--lead", "10", "--fault", "circuit-open"], atLeast: 100)
    #expect(document.sources.contains { $0["name"] as? String == "kafka" && $0["brokers"] as? Int == 3 })
    let services = document.root["services"] as? [[String: Any]] ?? []
    let verdicts = Dictionary(
      services.map { ($0["name"] as? String ?? "", $0["verdict"] as? String ?? "") }, uniquingKeysWith: { $1 })
    #expect(verdicts["user-service"] == "down" && verdicts["friend-service"] == "up", "\(verdicts)")
    #expect(verdicts["gateway"] != "up" && verdicts["circuits"] != "up", "\(verdicts)")
  }
}
