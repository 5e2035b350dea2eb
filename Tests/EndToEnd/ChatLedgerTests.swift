import Foundation
import Testing

@Suite("A snapshot of the chat agrees with the chat's ledger", .serialized)
struct ChatLedgerTests {
  private static let failure = "OperationalError: (2006, 'MySQL server has gone away')"

  /// The expected state of a pair's last friend request, computed from the ledger without sagatop.
  private static func saga(after entries: [StyleLedger.Entry]) -> StyleLedger.Saga {
    let business = entries.last?.business ?? ""
    let isParked = business == "parked"
    let status = [
      "open": "running", "accepted": "completed", "rejected": "declined", "cancelled": "declined", "parked": "failed",
    ]
    let answer = ["accepted": "completed", "rejected": "completed", "parked": "failed"]
    return StyleLedger.Saga(
      status: status[business] ?? business, error: isParked ? failure : nil,
      steps: ["request": "completed", "answer": answer[business] ?? "open"],
      stepErrors: isParked ? ["answer": failure] : [:])
  }

  private func compare(_ options: [String], requests: Int) throws -> (SnapshotDocument, StyleLedger) {
    let (document, ledger) = try StyleLedger.run(
      style: "chat", ["--orders", "\(requests)"] + options, ids: ["pair", "friendshipId"])
    let wrong = ledger.faults(of: document, state: Self.saga)
    #expect(wrong.isEmpty, "\(wrong.count) of \(document.items.count): \(wrong.prefix(3))")
    #expect(document.isComplete && document.items.count == requests)
    for status in ["running", "completed", "declined", "failed"] {
      #expect((document.counts[status] ?? 0) > 0, "\(status)")
    }
    #expect(document.compensations.allSatisfy { $0["outcome"] as? String == "failed" })
    return (document, ledger)
  }

  @Test("every one of more than 500 pairs, with repeated requests, unanswered requests, duplicates and late events")
  func requests() throws {
    let (document, ledger) = try compare(
      [
        "--broker", "noida", "--rate", "50", "--lead", "22", "--fault", "duplicates", "--fault", "reorder", "--fault",
        "poison@1",
      ], requests: 520)
    #expect(ledger.sagas.values.contains { $0.contains { $0.round > 1 } })
    #expect(document.counts["stuck"] == 0, "nobody is late while a person thinks")
    #expect(document.sagas["undecoded"] as? Int == 1)
    let services = document.root["services"] as? [[String: Any]] ?? []
    #expect(services.contains { $0["name"] as? String == "friend-service" && $0["rate"] as? Double != nil })
    let lag = document.root["lag"] as? [String: Any] ?? [:]
    let topics = lag["topics"] as? [[String: Any]] ?? []
    #expect(topics.contains { $0["topic"] as? String == "friend.events.dlq" && ($0["messages"] as? Int ?? 0) > 0 })
    let groups = (lag["groups"] as? [[String: Any]] ?? []).compactMap { $0["group"] as? String }
    #expect(groups.contains("message-stream-user-1") && !groups.contains("notification-group"))
  }

  @Test("on three brokers, with an unavailable service and an open circuit breaker")
  func threeBrokers() throws {
    let (document, _) = try compare(
      ["--broker", "mock", "--rate", "20", "--lead", "20", "--fault", "circuit-open"], requests: 120)
    #expect(document.sources.contains { $0["name"] as? String == "kafka" && $0["brokers"] as? Int == 3 })
    let verdicts = Self.verdicts(document)
    #expect(verdicts["user-service"] == "down" && verdicts["friend-service"] == "up", "\(verdicts)")
    #expect(verdicts["gateway"] != "up" && verdicts["circuits"] != "up", "\(verdicts)")
  }

  @Test("a gateway with a hanging service responds after five seconds and names the service")
  func hanging() throws {
    let (document, _) = try StyleLedger.run(
      style: "chat", ["--broker", "mock", "--rate", "5", "--lead", "2", "--fault", "service-hang"], ids: ["pair"])
    let services = document.root["services"] as? [[String: Any]] ?? []
    let gateway = services.first { $0["name"] as? String == "gateway" }
    #expect(gateway?["httpStatus"] as? Int == 503, "\(gateway ?? [:])")
    #expect((gateway?["latencyMs"] as? Double ?? 0) >= 5000)
    #expect(Self.verdicts(document)["user-service"] == "down")
  }

  private static func verdicts(_ document: SnapshotDocument) -> [String: String] {
    let services = document.root["services"] as? [[String: Any]] ?? []
    return Dictionary(
      services.map { ($0["name"] as? String ?? "", $0["verdict"] as? String ?? "") }, uniquingKeysWith: { $1 })
  }
}
