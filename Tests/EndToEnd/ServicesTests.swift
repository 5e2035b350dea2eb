import Foundation
import Testing

@Suite("Services of the demo", .serialized)
struct ServicesTests {
  private func services(_ options: [String]) throws -> [String: [String: Any]] {
    let run = try Run.demo(
      ["--seed", "7", "--broker", "mock", "--rate", "10"] + options
        + ["--", Binaries.sagatop, "snapshot", "-o", "json", "--sections", "sources,services", "--timeout", "20s"])
    #expect(run.code == 0, "\(run.errors)")
    let services = try SnapshotDocument(run.output).root["services"] as? [[String: Any]] ?? []
    return Dictionary(services.map { ($0["name"] as? String ?? "", $0) }) { first, _ in first }
  }

  private func circuit(_ name: String, of service: [String: Any]?) -> [String: Any]? {
    (service?["circuits"] as? [[String: Any]])?.first { $0["name"] as? String == name }
  }

  @Test("all are up, with closed circuit breakers")
  func up() throws {
    let services = try services([])
    #expect(services.count == 5)
    #expect(services.values.allSatisfy { ($0["instances"] as? [[String: Any]])?.count == 3 })
    #expect(services.values.allSatisfy { $0["verdict"] as? String == "up" }, "\(services)")
    #expect(circuit("paymentGateway", of: services["payment-service"])?["state"] as? String == "closed")
  }

  @Test("a payment service without its database is down, and the circuit breaker to it is open")
  func paymentDown() throws {
    let services = try services(["--lead", "10", "--fault", "payment-down@4"])
    let payment = try #require(services["payment-service"])
    #expect(payment["verdict"] as? String == "down")
    let reason = payment["reason"] as? String ?? ""
    #expect(reason.hasPrefix("all 3 instances are down: node-1: says DOWN (HTTP 503): db is DOWN: "), "\(reason)")
    let instances = payment["instances"] as? [[String: Any]] ?? []
    #expect(instances.map { $0["httpStatus"] as? Int } == [503, 503, 503])
    // The service was down before the first poll, and its body does not contain the time of the change.
    #expect(payment["sinceAtLeast"] as? Bool == true)
    let state = circuit("paymentService", of: services["order-service"])?["state"] as? String
    #expect(state == "open" || state == "halfOpen", "\(services)")
    #expect(services["order-service"]?["verdict"] as? String == "degraded")
    for name in ["inventory-service", "delivery-service", "notification-service"] {
      #expect(services[name]?["verdict"] as? String == "up")
    }
  }

  @Test("a lost node makes one instance of each service unavailable and is named")
  func nodeLost() throws {
    let services = try services(["--lead", "4", "--fault", "node-lost@1"])
    #expect(services.count == 5)
    for service in services.values {
      let reason = service["reason"] as? String ?? ""
      #expect(service["verdict"] as? String == "degraded")
      #expect(reason.hasPrefix("1 of 3 instances is down: node-3: 127.0.0.1:"), "\(reason)")
    }
  }

  @Test("the live screen counts the services and shows when one goes down, for how long, and when it returns")
  func live() throws {
    let screen = try Tmux(
      "'\(Binaries.demo)' --seed 7 --broker mock --rate 5 --fault payment-down@8 --fault payment-up@20 -- '\(Binaries.sagatop)'",
      columns: 120, rows: 40)
    try screen.wait(for: "services 5/5")
    try screen.type("6")
    try screen.wait(for: "5 services   ● up 5")
    let row = try screen.wait(for: "✖ down ", within: 60).split(separator: "\n").first { $0.contains("✖ down  ") }
    // The transition was observed, so the age is exact and starts at zero.
    let age = try #require(row?.split(separator: " ").first { $0.hasSuffix("s") && $0.first?.isNumber ?? false })
    #expect(Double(age.dropLast()).map { $0 < 5 } ?? false, "\(row ?? "")")
    try screen.wait(for: "payment-service: all 3 instances are down: node-1: says DOWN")
    try screen.press("Enter")
    try screen.wait(for: "▸ ✖ down  node-3")
    try screen.press("Down", "Enter")
    try screen.wait(for: "component db DOWN")
    try screen.wait(for: "\"status\": \"DOWN\"")
    try screen.press("Escape")
    try screen.wait(for: "● up 4", within: 60)
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }

  @Test("--service adds a service, and a refusing one is down with its address")
  func flag() throws {
    let run = try Run.sagatop([
      "--brokers", "127.0.0.1:1", "--preset", "spring", "--service", "shop=http://127.0.0.1:1/health", "snapshot",
      "--timeout", "5s", "--sections", "services",
    ])
    #expect(run.code == 0, "for services alone no broker is needed: \(run.errors)")
    #expect(run.output.contains("127.0.0.1:1: connection refused"))
    let none = try Run.sagatop(["--brokers", "127.0.0.1:1", "--preset", "spring", "snapshot", "--sections", "services"])
    #expect(none.code == 0 && none.output.hasPrefix("SERVICE "), "nothing is to be read: \(none.errors)")
    let bad = try Run.sagatop(["--brokers", "a", "--preset", "spring", "--service", "shop", "snapshot"])
    #expect(bad.code == 64 && bad.errors.contains("NAME=URL"))
  }
}
