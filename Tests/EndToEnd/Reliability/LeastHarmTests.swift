import Foundation
import Synchronization
import TestSupport
import Testing

/// Compares the requests of a full session, recorded by proxies, with the lists in docs/operations.md.
@Suite("sagatop sends only the documented requests", .serialized)
struct LeastHarmTests {
  private static let page = Binaries.root.appendingPathComponent("docs/operations.md")

  /// Rows of the table in a section, with their first cell.
  private static func rows(_ section: String) throws -> [(first: String, all: [String])] {
    let text = try String(contentsOf: page, encoding: .utf8)
    let part = text.components(separatedBy: "\n### \(section)\n").dropFirst().first?.components(separatedBy: "\n### ")
      .first
    let lines = try #require(part).split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    return lines.map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return (cells[0].replacingOccurrences(of: "`", with: ""), cells)
    }
  }

  private static func rule() throws -> [String] {
    let text = try String(contentsOf: page, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("ACL SETUSER ") })
    return line.replacingOccurrences(of: "PASSWORD", with: "word").split(separator: " ").map(String.init)
  }

  private final class Keys: Sendable {
    let seen = Mutex<Set<Int>>([])
  }

  private final class Watched {
    let broker: NoidaServer
    let proxy: DelayingProxy
    let keys = Keys()
    let redis: RedisServer
    let http: RudeServer
    let folder: Folder

    init() async throws {
      (broker, redis, http, folder) = (try NoidaServer(), try await RedisServer.start(), try RudeServer(), try Folder())
      let producer = try TestProducer(broker.brokers)
      try producer.createTopic("order-created", partitions: 2)
      for number in 0..<10 {
        let body = #"{"orderId":\#(number),"eventId":"\#(number)"}"#
        try producer.write([
          .init(
            "order-created", body, key: "\(number)", partition: Int32(number % 2),
            headers: [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")])
        ])
      }
      try TestGroups(broker.brokers).commit(["inventory-service": ["order-created": [0: 2, 1: 5]]])
      let keys = keys
      proxy = try DelayingProxy(to: broker.port) { request, answer in
        if request.count > 5 { keys.seen.withLock { _ = $0.insert(Int(request[4]) << 8 | Int(request[5])) } }
        return answer
      }
      try prepareRedis()
      http.answer("/health", #"{"status":"UP"}"#)
      http.answer("/metrics", "http_requests_total 5\n")
      http.answer("/api/v2/trace/4bf92f3577b34da6a3ce929d0e0e4736", "[]")
      try folder.write(kubectl, to: "kubectl")
      try folder.write(configuration, to: "config.yaml")
      chmod(folder.path("kubectl"), 0o700)
    }

    private func prepareRedis() throws {
      let admin = try redis.client()
      try admin.send("SET", "inventory:lock:1", "1769508000000-x", "PX", "600000")
      try admin.send("HSET", "inventory:lock:2", "4e0b7dc0-77c1-4a7a-9d2b-0d34d0f6b3c1:31", "1")
      try admin.send("CONFIG", "SET", "notify-keyspace-events", "KA")
      try admin.send(LeastHarmTests.rule().map { Array($0.utf8) })
      try admin.send("CONFIG", "RESETSTAT")
    }

    private var kubectl: String {
      "#!/bin/sh\necho \"$*\" >> '\(folder.path("asked"))'\ncase \"$*\" in *--watch*) exec sleep 600 ;; esac\n"
    }

    private var configuration: String {
      """
      contexts:
        a:
          preset: spring
          kafka: {brokers: "\(proxy.brokers)"}
          redis: {servers: "redis://sagatop:word@127.0.0.1:\(redis.port)"}
          traces: {zipkin: "\(http.url(""))"}
          kubernetes: {namespace: shop, command: "\(folder.path("kubectl"))"}
          services: {order: {url: "\(http.url("/health"))", interval: 300ms, metrics: "\(http.url("/metrics"))"}}

      """
    }

    /// Commands sent by sagatop only. Commands of the test itself are excluded.
    func commands() throws -> Set<String> {
      let lines = try redis.client().send("INFO", "commandstats").split(whereSeparator: \.isNewline)
      let names = lines.compactMap { line -> String? in
        guard line.hasPrefix("cmdstat_"), let end = line.firstIndex(of: ":") else { return nil }
        return line[..<end].dropFirst(8).replacingOccurrences(of: "|", with: " ").uppercased()
      }
      return Set(names).subtracting(["INFO", "CONFIG RESETSTAT"])
    }
  }

  @Test("every request of a full session is documented, and all requests documented for each session occur")
  func session() async throws {
    let watched = try await Watched()
    let words = ["-c", watched.folder.path("config.yaml")]
    try Self.work(watched, words)
    try Self.look(watched, words)

    let kafka = try Self.rows("Kafka")
    let seen = Set(watched.keys.seen.withLock { $0 }.map(String.init))
    #expect(seen.isSubset(of: kafka.map(\.first)), "\(seen)")
    let always = Set(kafka.filter { $0.all[2] == "each session" }.map(\.first))
    #expect(always.isSubset(of: seen), "\(always.subtracting(seen)) was not asked")

    let redis = try Self.rows("Redis")
    let commands = try watched.commands()
    #expect(commands.isSubset(of: redis.map(\.first)), "\(commands)")
    let usual = Set(redis.filter { $0.all[1] == "each session" }.map(\.first))
    #expect(usual.isSubset(of: commands), "\(usual.subtracting(commands)) was not asked")
    #expect(try watched.redis.client().send("ACL", "LOG") == "", "something was refused")

    let asked = watched.http.requests.map { ($0.head.split(separator: " ").first ?? "", $0.path) }
    #expect(asked.allSatisfy { $0.0 == "GET" })
    let paths = ["/health", "/metrics", "/api/v2/services", "/api/v2/trace/4bf92f3577b34da6a3ce929d0e0e4736"]
    #expect(Set(asked.map(\.1)).isSubset(of: paths), "\(asked.map(\.1))")
    let kubectl = Set(try watched.folder.text("asked").split(separator: "\n").map(String.init))
    let ways = ["--output json --watch --output-watch-events", "--output name"]
    #expect(kubectl == Set(["pods", "events"].flatMap { kind in ways.map { "--namespace shop get \(kind) \($0)" } }))
  }

  private static func work(_ watched: Watched, _ words: [String]) throws {
    let doctor = try Run.sagatop(words + ["doctor", "--timeout", "10s"])
    #expect(!doctor.output.contains("not allowed"), "\(doctor.output)")
    let snapshot = try SnapshotDocument(
      Run.sagatop(words + ["snapshot", "-o", "json", "--timeout", "15s"]).output)
    let locks = snapshot.root["locks"] as? [[String: Any]] ?? []
    #expect(locks.count == 2 && locks.allSatisfy { $0["holder"] is String }, "\(locks)")
    let sources = snapshot.root["sources"] as? [[String: Any]] ?? []
    let notes = sources.filter { ($0["name"] as? String ?? "").hasPrefix("redis") }.flatMap {
      $0["notes"] as? [String] ?? []
    }
    #expect(notes.isEmpty, "a user with the page's rule lacks nothing: \(notes)")
    _ = try Run.sagatop(words + ["why", "1", "--timeout", "10s"])
    _ = try Run.sagatop(words + ["record", watched.folder.path("r.jsonl"), "--for", "2s"])
    _ = try Run.sagatop(words + ["init", "--for", "2s", "--timeout", "10s"])
  }

  /// Opens each view and a page of each on the live screen.
  private static func look(_ watched: Watched, _ words: [String]) throws {
    let screen = try Tmux("'\(Binaries.sagatop)' \(words.joined(separator: " "))", columns: 140, rows: 40)
    try screen.wait(for: "TIMELINE")
    for view in 1...9 {
      try screen.type("\(view)")
      try screen.press("Enter", "Escape")
    }
    try screen.type("q")
    try screen.press("Escape")
    try screen.type("q")
    #expect(try screen.exitCode() == 0)
  }
}
