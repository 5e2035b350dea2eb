import Foundation
import TestSupport

/// A context to watch, its servers, and the failure during the test.
final class Scene: @unchecked Sendable {
  /// Lines of the context. For a recording these are only definitions.
  var context: String
  /// A recording used instead of servers.
  var recording: String?
  /// Retained so that they keep running.
  var servers: [Any]
  /// Causes the failure, if it does not exist from the start.
  var kill: (() -> Void)?
  /// Seconds to record during the failure.
  var recorded = 8

  init(_ context: String, servers: [Any] = [], recording: String? = nil, kill: (() -> Void)? = nil) {
    (self.context, self.servers, self.recording, self.kill) = (context, servers, recording, kill)
  }
}

/// A partially read source, with a check, a condition and a table cell that depend on it.
struct Situation: Sendable {
  var source: String
  var name: String
  /// A check with thresholds that no known value reaches.
  var check: String
  /// A condition that would hold if unknown values were taken for zero or ok.
  var condition: String
  var table: String
  var column: String
  /// Prefix of the source's part in the header.
  var header: String
  /// Timeout of a snapshot.
  var timeout = "2s"
  /// The check's value is known despite the failure.
  var isKnown = false
  var scene: @Sendable () throws -> Scene

  static let columns = [
    "how soon",
    "`-o json`: exit, check, value", "`-o nagios`: exit, state", "`-o table`: exit, cell", "`--until`: exit",
    "`--watch`: state", "recorded and replayed: exit, state", "top line", "test",
  ]
}

extension Situation {
  static func sagas(
    _ name: String, header: String = "kafka", timeout: String = "2s", _ scene: @escaping @Sendable () throws -> Scene
  ) -> Situation {
    Situation(
      source: header == "kafka" ? "Kafka" : "Documents and commands", name: name, check: "stuck:1:5",
      condition: "stuck==0", table: "types",
      column: "stuck", header: header, timeout: timeout, scene: scene)
  }

  static func lag(_ name: String, time: Bool = false, _ scene: @escaping @Sendable () throws -> Scene) -> Situation {
    Situation(
      source: "Kafka", name: name, check: time ? "lag-time:1h:2h" : "lag:1000000:2000000",
      condition: time ? "lag-time<3600" : "lag<1000000", table: "groups", column: time ? "oldest" : "lag",
      header: "groups", scene: scene)
  }

  static func recorded(_ name: String, _ recording: LagRecording) -> Situation {
    lag("\(name), in a recording") { Scene(spring("127.0.0.1:1"), recording: recording.text) }
  }

  static func locks(
    _ name: String, _ url: String, _ broker: NoidaServer, _ server: AnyObject? = nil, timeout: String = "2s"
  ) -> Situation {
    let keep: [Any] = [broker, server as Any]
    nonisolated(unsafe) let servers = keep
    let kafka = "kafka: {brokers: \"\(broker.brokers)\"}"
    return Situation(
      source: "Redis", name: name, check: "lock-age:1h:2h", condition: "lock-age<3600", table: "patterns",
      column: "held", header: "redis", timeout: timeout
    ) { Scene("{preset: spring, \(kafka), redis: {servers: \"\(url)\"}}", servers: servers) }
  }

  static func service(
    _ name: String, _ server: RudeServer, _ broker: NoidaServer, _ path: String, metrics: Bool = false
  ) -> Situation {
    let kafka = "kafka: {brokers: \"\(broker.brokers)\"}"
    nonisolated(unsafe) let servers: [Any] = [broker, server]
    let (url, more) = (server.url(path), metrics ? ", metrics: \"\(server.url("/metrics"))\"" : "")
    return Situation(
      source: "HTTP", name: name, check: "service", condition: "service==0", table: "services",
      column: metrics ? "p95" : "verdict", header: "services", isKnown: metrics
    ) {
      Scene(
        "{preset: spring, \(kafka), services: {a: {url: \"\(url)\", interval: 200ms, timeout: \(path == "/hang" ? "500ms" : "10s")\(more)}}}",
        servers: servers)
    }
  }

  static func spring(_ brokers: String) -> String { "{preset: spring, kafka: {brokers: \"\(brokers)\"}}" }
}
