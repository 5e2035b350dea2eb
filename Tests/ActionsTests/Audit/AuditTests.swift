import Collectors
import Core
import Glibc
import Synchronization
import TestSupport
import Testing
import Text

@testable import Actions

@Suite("The audit log")
struct AuditTests {
  private func record(_ subject: String, intent: String = "i") -> ActionRecord {
    ActionRecord(
      intent: intent, action: .retry, context: "test", subject: subject, type: "order",
      operator: .init(name: "a\"b\n@h", sudoUser: "root", sshConnection: "1 2 3 4"),
      reason: "한국어 \u{7f}\\\u{9b}\u{202e}\u{e0001}", attempt: 2,
      idempotencyKey: "k", request: "POST http://a/b", digest: "d",
      intendedAt: Timestamp(milliseconds: 1_769_508_000_123))
  }

  @Test("reads back what was written; only the owner may read the file")
  func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/a/b/audit.jsonl"
    let log = AuditLog(.init(path: path))
    var first = record("1")
    _ = try log.intend(first)
    first.latency = .milliseconds(12)
    first.stages.append(
      .init(time: Timestamp(milliseconds: 1_769_508_000_200), outcome: .refused(status: 409, message: "no\"")))
    try log.conclude([first])
    var second = record("2")
    second.stages.append(
      .init(time: Timestamp(milliseconds: 1_769_508_000_300), outcome: .observed(after: .milliseconds(250))))
    try log.conclude([second])
    var reader = AuditReader(path: path)
    #expect(try reader.read().get().count == 3)
    #expect(reader.damages.isEmpty)
    #expect(reader.records(now: SystemClock.now()).map(\.subject) == ["1", "2"])
    #expect(reader.records(now: SystemClock.now())[0] == first)
    #expect(reader.records(now: SystemClock.now())[1].outcome == .observed(after: .milliseconds(250)))
    #expect(try reader.read().get().isEmpty)
    #expect(
      ActionScene.text(of: path).unicodeScalars.allSatisfy {
        $0 == "\n" || ![.control, .format].contains($0.properties.generalCategory)
      })
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("outcomes that are recorded together are lines of one valid chain")
  func together() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/audit.jsonl"
    let log = AuditLog(.init(path: path))
    _ = try log.intend(record("0"))
    let records = (1...300).map { number in
      var record = record("\(number)")
      record.stages.append(.init(time: Timestamp(milliseconds: 1_769_508_000_300), outcome: .cancelled))
      return record
    }
    try log.conclude(records)
    _ = try log.intend(record("301"))
    var reader = AuditReader(path: path)
    #expect(try reader.read().get().count == 302)
    #expect(reader.damages.isEmpty)
    let cancelled = reader.records(now: SystemClock.now()).filter { $0.outcome == .cancelled }
    #expect(cancelled.map(\.subject) == (1...300).map(String.init))
  }

  @Test("two concurrent writers produce one valid chain")
  func twoWriters() async throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/audit.jsonl"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let log = AuditLog(.init(path: path))
          for number in 0..<50 { _ = try log.intend(record("\(number)", intent: "\(writer)")) }
        }
      }
      try await group.waitForAll()
    }
    var reader = AuditReader(path: path)
    #expect(try reader.read().get().count == 200)
    #expect(reader.damages.isEmpty)
  }

  @Test(
    "a changed, removed or truncated line is detected", arguments: ["changed", "removed", "first", "cut", "junk"])
  func damage(what: String) throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/audit.jsonl"
    let log = AuditLog(.init(path: path))
    for number in 0..<5 { _ = try log.intend(record("\(number)")) }
    var lines = ActionScene.text(of: path).split(separator: "\n").map(String.init)
    switch what {
    case "changed": lines[2] = lines[2].replacing("\"attempt\":2", with: "\"attempt\":1")
    case "removed": lines.remove(at: 2)
    case "first": lines.removeFirst()
    case "junk": lines[3] = "junk"
    default: lines[4] = String(lines[4].dropLast(20))
    }
    let text = lines.joined(separator: "\n") + (what == "cut" ? "" : "\n")
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
    var reader = AuditReader(path: path)
    _ = try reader.read().get()
    #expect(!reader.damages.isEmpty)
    // The log stays writable, and the hash chain continues from the existing lines.
    _ = try log.intend(record("9"))
    let before = reader.damages.count
    _ = try reader.read().get()
    #expect(reader.damages.count <= before + 1)
    #expect(reader.records(now: SystemClock.now()).last?.subject == "9")
  }

  @Test(
    "nothing is sent if the audit log cannot be written",
    arguments: ["a file for a folder", "a folder", "a device"])
  func unwritable(what: String) throws {
    let scene = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    let server = try ActionServer { _ in .answer(200, "") }
    scene.fail("7")
    let path: String
    switch what {
    case "a folder":
      path = "\(scene.directory.path)/folder"
      mkdir(path, 0o700)
    case "a device": path = "/dev/full"
    default:
      let file = "\(scene.directory.path)/file"
      if let opened = fopen(file, "w") { fclose(opened) }
      path = "\(file)/audit.jsonl"
    }
    let gate = scene.gate(server) { $0.audit = .init(path: path) }
    let refusal = try #require(throws: ActionRefusal.self) { try scene.plan(gate, "7") }
    #expect(refusal.kind == .audit && refusal.message.contains(path))
    #expect(server.requests.isEmpty)
    #expect(scene.store.actions(ActionQuery(limit: 9), now: .distantPast).problem != nil)
  }

  @Test("if the log becomes unwritable during a run, the run stops: nothing is sent without a recorded intent")
  func lostInTheMiddle() async throws {
    var action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(100)))
    action.concurrency = 3
    action.rate = 1000
    let scene = try ActionScene([action])
    let ids = (1...60).map(String.init)
    scene.fail(ids)
    let path = scene.audit
    let seen = Atomic(0)
    let server = try ActionServer { _ in
      if seen.add(1, ordering: .relaxed).newValue == 20 {
        // Replaced atomically: if the path did not exist for a moment, a new log would be created.
        link(path, path + ".gone")
        symlink("/dev/full/none", path + ".link")
        rename(path + ".link", path)
      }
      return .answer(200, "")
    }
    let records = try await scene.run(scene.gate(server), ids)
    #expect(records.count == 60)
    let written = ActionScene.text(of: path + ".gone").split(separator: "\n").count {
      $0.contains(#""record":"intended""#)
    }
    #expect(server.requests.count == written && written < 60)
    #expect(records.count { $0.outcome.name == "skipped" } == 60 - written)
  }

  @Test("an intent without an outcome is listed as unknown after a restart and keeps its idempotency key")
  func killed() throws {
    let scene = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    scene.fail("7")
    let gate = scene.gate()
    let plan = try scene.plan(gate, "7")
    // The intent is in the log, then the process dies.
    let item = plan.items[0]
    _ = try AuditLog(.init(path: scene.audit)).intend(
      ActionRecord(
        intent: plan.intent, action: .retry, context: "test", subject: "7", type: "order", operator: .init(name: "x"),
        idempotencyKey: item.idempotencyKey, intendedAt: SystemClock.now() - .seconds(60)))
    let next = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    next.fail("7")
    let after = next.gate { $0.audit = .init(path: scene.audit) }
    after.readAudit()
    #expect(next.store.actions(ActionQuery(limit: 9), now: .distantPast).rows.map(\.outcome.name) == ["unknown"])
    #expect(try next.plan(after, "7").items[0].idempotencyKey == item.idempotencyKey)
  }
}
