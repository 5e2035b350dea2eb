import Foundation
import TestSupport
import Testing

@Suite("The doctor", .serialized)
struct DoctorTests {
  private struct Diagnosis {
    var code: Int32
    var state: String
    var findings: [[String: Any]]

    func advice(_ text: String) -> String? {
      findings.first { ($0["text"] as? String)?.contains(text) ?? false }?["advice"] as? String
    }

    func states(_ area: String) -> [String] {
      findings.filter { $0["area"] as? String == area }.compactMap { $0["state"] as? String }
    }
  }

  private func diagnose(_ words: [String], environment: [String: String] = [:]) throws -> Diagnosis {
    let run = try Run.sagatop(["doctor", "-o", "json"] + words, environment: environment)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.errors)")
    return Diagnosis(
      code: run.code, state: root["state"] as? String ?? "", findings: root["findings"] as? [[String: Any]] ?? [])
  }

  @Test("if a broker advertises an unreachable address, the address is named, and no permissions are suggested")
  func advertised() throws {
    let cluster = try MockCluster()
    cluster.createTopic("order-created")
    let server = try #require(cluster.brokers.split(separator: ":").last.flatMap { UInt16($0) })
    let closed = try LoopbackPort.free()
    let proxy = try DelayingProxy(to: server, advertised: closed)
    let diagnosis = try diagnose([
      "--brokers", "127.0.0.1:\(proxy.port)", "--preset", "spring", "--timeout", "3s",
    ])
    #expect(diagnosis.code == 2)
    #expect(
      diagnosis.advice("advertises 127.0.0.1:\(closed), which refuses connections")?.contains("advertised.listeners")
        == true, "\(diagnosis.findings)")
    #expect(!diagnosis.findings.contains { ($0["advice"] as? String)?.contains("kafka-acls") ?? false })
  }

  @Test("topics, groups and the cluster without permission are reported with the missing ACL")
  func refused() throws {
    let cluster = try MockCluster()
    cluster.createTopic("order-created")
    cluster.refuse(.fetch, with: MockCluster.topicAuthorizationFailed, times: 10_000)
    cluster.refuse(.offsetFetch, with: MockCluster.groupAuthorizationFailed, times: 10_000)
    let diagnosis = try diagnose(["--brokers", cluster.brokers, "--preset", "spring", "--timeout", "3s"])
    #expect(diagnosis.code == 2 && diagnosis.state == "failed")
    let advice = diagnosis.advice("topic order-created: Read is not allowed")
    #expect(
      advice == "kafka-acls --add --allow-principal User:NAME --operation Read --topic order-created",
      "\(diagnosis.findings)")
    let grant = "kafka-acls --add --allow-principal User:NAME --operation Describe "
    #expect(diagnosis.advice("group payment-service: ") == grant + "--group payment-service", "\(diagnosis.findings)")
    #expect(diagnosis.advice("does not list its groups") == "if it supports this: " + grant + "--cluster")
    #expect(diagnosis.states("kafka").first == "ok" && diagnosis.states("lag").contains("failed"))
  }

  @Test("denied Redis commands are reported by name, with the rule that allows them")
  func redis() async throws {
    let server = try await RedisServer.start()
    let client = try server.client()
    _ = try client.send("ACL", "SETUSER", "watcher", "on", ">secret-word", "~*", "+@all", "-pttl", "-scan")
    let cluster = try MockCluster()
    let diagnosis = try diagnose([
      "--brokers", cluster.brokers, "--preset", "spring", "--timeout", "3s", "--redis",
      "redis://watcher:secret-word@127.0.0.1:\(server.port)",
    ])
    #expect(diagnosis.states("redis").contains("failed"), "\(diagnosis.findings)")
    #expect(diagnosis.advice("permission")?.contains("+scan") ?? false, "\(diagnosis.findings)")
    #expect(!"\(diagnosis.findings)".contains("secret-word"))
  }

  @Test("messages that the preset does not describe mean a wrong preset")
  func wrongPreset() throws {
    let folder = try Folder()
    try folder.write(
      """
      contexts:
        wrong:
          kafka: {brokers: "${env:BROKERS}", topics: [order-created]}
          sagas:
            trip: {ids: {tripId: tripId}, steps: [flight], events: {TripBooked: {ends: completed}}}
      """, to: "config.yaml")
    let run = try Run.demo([
      "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "2", "--", "/bin/sh", "-c",
      "export BROKERS=$(sed -n 's/.*\\(127.0.0.1:[0-9]*\\).*/\\1/p' \"$SAGATOP_CONFIG\" | head -n 1); "
        + "'\(Binaries.sagatop)' doctor -c '\(folder.path("config.yaml"))'; echo code $?",
    ])
    #expect(run.output.contains("does not describe them"), "\(run.output)\(run.errors)")
    #expect(run.output.hasSuffix("code 2\n"))
  }

  @Test("one message is explained rule by rule; a missing topic is reported")
  func explanation() throws {
    let run = try Run.demo([
      "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "3", "--", "/bin/sh", "-c",
      "'\(Binaries.sagatop)' doctor --topic order-created; echo code $?; "
        + "'\(Binaries.sagatop)' doctor --topic nope; echo code $?",
    ])
    for text in [
      "order-created[", "tried `", "otherwise CloudEvents' type, the topic's name", "saga order",
      "rule `order-created`: starts",
      "it belongs to saga 1", "all well\ncode 0\n", "topic nope does not exist, or its metadata is not permitted",
    ] { #expect(run.output.contains(text), "\(text) is not in \(run.output)\(run.errors)") }
    #expect(run.output.hasSuffix("code 2\n"))
  }

  @Test("templates, conditions, rounds and overrides of a context are explained with the message's values")
  func language() throws {
    let folder = try Folder()
    try folder.write(
      """
      contexts:
        mine:
          kafka: {brokers: "${env:BROKERS}"}
          preset: spring
          sagas:
            order:
              ids: {orderId: ["{tenant}/{orderId}", "{topic}-{orderId}"]}
              events:
                order-created: [{when: {productId: none}, fails: inventory}, {when: {topic: "order*"}, starts: true}]
      """, to: "config.yaml")
    let run = try Run.demo([
      "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "2", "--", "/bin/sh", "-c",
      "export BROKERS=$(sed -n 's/.*\\(127.0.0.1:[0-9]*\\).*/\\1/p' \"$SAGATOP_CONFIG\" | head -n 1); "
        + "'\(Binaries.sagatop)' doctor -c '\(folder.path("config.yaml"))' --topic order-created",
    ])
    for text in [
      "the context changes of the saga `order` of preset spring: id orderId, event order-created",
      "tried `{tenant}/{orderId}` → nothing, `tenant` → nothing, `orderId` → ",
      "`{topic}-{orderId}` → order-created-", "not its rule `order-created` when `productId` is none (here ",
      "rule `order-created` when `topic` is order* (here order-created): starts, and after an end begins the next round",
      "it belongs to saga order-created-",
    ] { #expect(run.output.contains(text), "\(text) is not in \(run.output)\(run.errors)") }
  }

  @Test("configuration errors are findings, and the exit status is that of a configuration error")
  func configuration() throws {
    let diagnosis = try diagnose(["--brokers", "a:1", "--preset", "sprin"])
    #expect(diagnosis.code == 78 && diagnosis.states("configuration") == ["failed"])
    #expect(diagnosis.states("libraries") == ["ok"])
  }

  @Test("the terminal is checked if there is one")
  func terminal() throws {
    let screen = try Tmux("'\(Binaries.sagatop)' doctor --brokers 127.0.0.1:1 --preset spring --timeout 1s")
    #expect(try screen.exitCode() == 2)
    #expect(try screen.screen.contains("TERM=tmux-256color, 100x30, 256 colours"))
  }
}
