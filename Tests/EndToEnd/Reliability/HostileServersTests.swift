import Foundation
import TestSupport
import Testing

/// Servers that lie, each with one fault (Support/hostile-server.py). The real program reports the fault, uses little more memory than with
/// a correct server, and ends in time.
@Suite("Servers that lie", .serialized)
struct HostileServersTests {
  /// One fault of a server.
  private struct Lie: Sendable {
    var name: String
    /// The expected text. `nil` if everything is read as from a correct server.
    var words: String?
    /// Maximum memory in KB above that with a correct server. By default a few copies of a response or a body of at most 8 MB.
    var memory = 64 << 10

    init(_ name: String, _ words: String? = nil) { (self.name, self.words) = (name, words) }
  }

  /// The server under test, and the condition for a complete read.
  private struct Subject: Sendable {
    var server: String
    var check: String
    /// The exit codes of a snapshot that reads false data.
    var codes: ClosedRange<Int32> = 2...3
    var isRead: @Sendable (SnapshotDocument) -> Bool
    /// The context for the server's port.
    var context: @Sendable (Int) -> String
  }

  private static let atOnce = 4
  private static let script = Binaries.root.appendingPathComponent("Tests/EndToEnd/Support/hostile-server.py").path

  private static func kafka(_ brokers: String, _ more: String = "") -> String {
    "preset: spring, kafka: {brokers: \"\(brokers)\"\(more)}"
  }

  @Test("brokers: wrong lengths, counts, offsets, versions, batches, groups")
  func kafka() throws {
    try run(
      Subject(server: "kafka", check: "stuck:1:5", isRead: { $0.isComplete && $0.items.count == 6 }) {
        "{\(Self.kafka("127.0.0.1:\($0)"))}"
      }, "kafka")
  }

  @Test("Redis: replies without end, scans without end, absurd numbers, more than was asked for")
  func redis() throws {
    let broker = try NoidaServer()
    defer { withExtendedLifetime(broker) {} }
    let address = broker.brokers
    try run(
      Subject(
        server: "redis", check: "lock-age:1h:2h",
        isRead: { $0.isComplete && ($0.root["locks"] as? [Any])?.count == 1 }
      ) { "{\(Self.kafka(address)), redis: {servers: \"redis://127.0.0.1:\($0)\"}}" }, "redis")
  }

  @Test("health: heads and bodies without end, false lengths, bombs, redirects that would carry a secret away")
  func http() throws {
    let broker = try NoidaServer()
    defer { withExtendedLifetime(broker) {} }
    let address = broker.brokers
    try run(
      Subject(
        server: "http", check: "service",
        isRead: { (($0.root["services"] as? [[String: Any]])?.first?["verdict"] as? String) == "up" }
      ) {
        "{\(Self.kafka(address)), services: {a: {url: \"http://127.0.0.1:\($0)/health\", interval: 300ms, timeout: 2s, bearer: s3cret}}}"
      }, "http")
  }

  @Test("schema registries: the same, and schemas that are deep, wide, or refer to others without end")
  func registry() throws {
    let broker = try NoidaServer()
    defer { withExtendedLifetime(broker) {} }
    let address = broker.brokers
    let producer = try TestProducer(broker.brokers)
    try producer.createTopic("order-created")
    try producer.write(
      (1...3).map { number in
        var record = TestProducer.Record("order-created", nil)
        record.value = [0, 0, 0, 0, 7, UInt8(2 * number)]
        return record
      })
    try run(
      // A schema that cannot be used is known: its messages count as not decoded.
      Subject(server: "http", check: "stuck:1:5", codes: 0...3, isRead: { $0.isComplete && $0.items.count == 3 }) {
        "{\(Self.kafka(address)), schemaRegistry: \"http://127.0.0.1:\($0)\"}"
      }, "registry")
  }

  @Test("token endpoints: the same, and tokens that are too long, expired, or no tokens")
  func tokens() throws {
    let broker = try NoidaServer()
    defer { withExtendedLifetime(broker) {} }
    let address = broker.brokers
    try run(
      Subject(server: "http", check: "stuck:1:5", isRead: { $0.isComplete }) {
        let properties =
          "security.protocol: sasl_plaintext, sasl.mechanism: OAUTHBEARER, sasl.oauthbearer.method: oidc, "
          + "sasl.oauthbearer.client.id: ops, sasl.oauthbearer.client.secret: s3cret, "
          + "sasl.oauthbearer.token.endpoint.url: \"http://127.0.0.1:\($0)/token\""
        return "{\(Self.kafka(address, ", properties: {\(properties)}"))}"
      }, "tokens")
  }

  // MARK: One fault

  private struct Observed {
    var peak: Int
    var failures: [String]
  }

  /// The rows of docs/reliability.md that name the test, with the faults and the expected texts.
  private static func lies(of test: String) throws -> [Lie] {
    let page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/reliability.md"), encoding: .utf8)
    let server = try String(contentsOfFile: Self.script, encoding: .utf8)
    let lies = try page.split(separator: "\n").filter { $0.hasSuffix("| `HostileServersTests/\(test)` |") }.map { row in
      let cells = row.dropFirst(2).components(separatedBy: " | ")
      guard let name = cells[0].firstMatch(of: /^`([a-z0-9-]+)`/), cells.count == 5, server.contains("\"\(name.1)\"")
      else { throw NeverHappened(what: "a row names a lie that the server has: \(row)") }
      let words = cells[1].firstMatch(of: /"(.+)"/)?.1
      guard words != nil || cells[1].hasPrefix("all is read") else {
        throw NeverHappened(what: "words in quotes: \(row)")
      }
      var lie = Lie(String(name.1), words.map(String.init))
      if let most = cells[1].firstMatch(of: /, with ([0-9]+) MB more$/) { lie.memory = (Int(most.1) ?? 0) << 10 }
      return lie
    }
    guard lies.count > 5 else { throw NeverHappened(what: "the page has lies of \(test)") }
    return lies
  }

  /// Tests a correct server alone, then all faults, some of them concurrently.
  private func run(_ subject: Subject, _ test: String, honest words: String? = nil) throws {
    let lies = try Self.lies(of: test)
    let honest = try Self.observe(subject, Lie("none", words))
    #expect(honest.failures.isEmpty, "\(honest.failures)")
    let results = Results()
    let (free, group) = (DispatchSemaphore(value: Self.atOnce), DispatchGroup())
    for lie in lies {
      free.wait()
      group.enter()
      Thread.detachNewThread {
        do {
          let found = try Self.observe(subject, lie)
          results.add(found.failures)
          if found.peak > honest.peak + lie.memory {
            results.add(["\(lie.name): \(found.peak) KB, and \(honest.peak) KB with an honest server"])
          }
        } catch { results.add(["\(lie.name): \(error)"]) }
        free.signal()
        group.leave()
      }
    }
    group.wait()
    #expect(results.all.isEmpty, "\(results.all.joined(separator: "\n"))")
  }

  private static func observe(_ subject: Subject, _ lie: Lie) throws -> Observed {
    let folder = try Folder()
    let server = try RunningProgram("/usr/bin/python3", [Self.script, subject.server, lie.name, folder.path("port")])
    let port = try eventually(within: 60, "the server listens") {
      (try? folder.text("port")).flatMap { Int($0.trimmed) }
    }
    try folder.write("contexts: {demo: \(subject.context(port))}\n", to: "config.yaml")
    let words = ["-c", folder.path("config.yaml"), "snapshot", "-o", "json", "--check", subject.check]
    let line = (words + ["--watch", "300ms", "--to", folder.path("out")]).map { "'\($0)'" }.joined(separator: " ")
    let watch = try RunningProgram(
      "/bin/sh", ["-c", "echo $$ > '\(folder.path("pid"))'; exec '\(Binaries.sagatop)' \(line)"])
    let start = ContinuousClock.now
    let once = try RunningProgram(Binaries.sagatop, words + ["--timeout", "4s"]).end(within: 60)
    let took = start.duration(to: .now)
    var failures: [String] = []
    var said = ""
    let isSeen =
      (try? eventually(within: 30, lie.name) {
        guard let document = (try? folder.text("out")).flatMap({ try? SnapshotDocument($0) }) else { return nil }
        said = Self.said(document)
        return lie.words.map(said.contains) ?? subject.isRead(document) ? true : nil
      }) ?? false
    if !isSeen { failures.append("\(lie.name): expected \(lie.words ?? "all"), told: \(said)") }
    let pid = try eventually("its pid") { (try? folder.text("pid")).flatMap { Int32($0.trimmed) } }
    let peak = Self.peak(of: pid)
    if !(lie.words == nil ? 0...3 : subject.codes).contains(once.code) {
      failures.append("\(lie.name): exit code \(once.code): \(once.errors)")
    }
    if took > .seconds(9) { failures.append("\(lie.name): --timeout 4s took \(took)") }
    // On a busy machine the document may be missing.
    if (try? SnapshotDocument(once.output)) == nil, !once.errors.contains("within --timeout") {
      failures.append("\(lie.name): no document: \(once.errors)")
    }
    let sent = ContinuousClock.now
    watch.send(SIGTERM)
    let end = try watch.end(within: 20)
    let ending = sent.duration(to: .now)
    if end.code != 143 || ending > .seconds(3) {
      failures.append("\(lie.name): ended by \(end.code) after \(ending): \(end.errors)")
    }
    if FileManager.default.fileExists(atPath: folder.path("port.stolen")) {
      failures.append("\(lie.name): a request went away")
    }
    print("\(subject.server) \(lie.name): \(once.code) in \(took), \(peak) KB, ends in \(ending): \(said.prefix(300))")
    _ = server
    return Observed(peak: peak, failures: failures)
  }

  /// All errors, notes and reasons of sources, services and groups.
  private static func said(_ document: SnapshotDocument) -> String {
    let services = document.root["services"] as? [[String: Any]] ?? []
    let groups = (document.root["lag"] as? [String: Any])?["groups"] as? [[String: Any]] ?? []
    let texts = document.sources.flatMap { source in
      [source["error"] as? String].compactMap { $0 } + (source["notes"] as? [String] ?? [])
    }
    let undecoded = "\(document.root["undecoded"] ?? "")"
    return
      (texts + services.compactMap { $0["reason"] as? String } + groups.compactMap { $0["reason"] as? String } + [
        undecoded
      ])
      .joined(separator: "; ")
  }

  /// The largest resident size so far, in KB; 0 if the process is gone.
  private static func peak(of pid: Int32) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  /// Failures come from several threads.
  private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ more: [String]) { lock.withLock { texts += more } }
    var all: [String] { lock.withLock { texts } }
  }
}
