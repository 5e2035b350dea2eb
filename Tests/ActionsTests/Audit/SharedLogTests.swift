import Collectors
import Core
import Glibc
import TestSupport
import Testing

@testable import Actions

@Suite("A shared audit log")
struct SharedLogTests {
  private static func record(_ intent: String = "i", _ subject: String = "7", secondsAgo: Int64 = 0) -> ActionRecord {
    ActionRecord(
      intent: intent, action: .retry, context: "test", subject: subject, type: "order", operator: .init(name: "x"),
      intendedAt: SystemClock.now() - .seconds(secondsAgo))
  }

  private static func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  /// A group of this process, which may therefore set it on files.
  private static var group: String {
    getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? "root"
  }

  @Test("with a group, its members may write the log and its related files; without one, only the owner may")
  func rights() throws {
    let folder = try TemporaryDirectory()
    for (group, file, directory) in [(Self.group, 0o660, 0o2770), (nil, 0o600, 0o700)] as [(String?, mode_t, mode_t)] {
      let path = "\(folder.path)/\(group ?? "own")/audit.jsonl"
      let settings = AuditSettings(path: path, group: group)
      _ = try AuditLog(settings).intend(Self.record())
      RunFolder(settings).keep(
        PreparedRequest(call: .command(["x"]), idempotencyKey: "k", timeout: .seconds(1)), digest: "abc",
        KeptRequest(secrets: [], apis: []))
      // The owner's next write corrects permissions that an older version or a person has changed.
      chmod(path, 0o666)
      _ = try AuditLog(settings).intend(Self.record("j"))
      #expect(Self.mode(path) == file)
      #expect(Self.mode("\(folder.path)/\(group ?? "own")") == directory)
      #expect(Self.mode("\(folder.path)/\(group ?? "own")/requests/abc") == file)
    }
  }

  @Test("a symbolic link is followed only if root created it")
  func link() throws {
    let folder = try TemporaryDirectory()
    let (real, link) = ("\(folder.path)/real.jsonl", "\(folder.path)/audit.jsonl")
    close(open(real, O_CREAT | O_WRONLY, 0o600))
    try #require(symlink(real, link) == 0)
    let isRoot = geteuid() == 0
    func writes(_ intent: String) -> Bool {
      do {
        _ = try AuditLog(.init(path: link)).intend(Self.record(intent))
        return true
      } catch {
        return false
      }
    }
    #expect(writes("i") == isRoot)
    guard isRoot else { return }
    #expect(ActionScene.text(of: real).contains("intended"))
    // The link belongs to another user.
    try #require(lchown(link, 12_345, 12_345) == 0)
    #expect(!writes("j"))
  }

  @Test("the hash of the last line is sent to syslog and equals the hash that the reader computes")
  func head() throws {
    let folder = try TemporaryDirectory()
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let place = "\(folder.path)/log"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(place.utf8)) }
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound)
    let path = "\(folder.path)/audit.jsonl"
    let log = AuditLog(.init(path: path), systemLog: place)
    _ = try log.intend(Self.record())
    _ = try log.intend(Self.record("j"))
    var last = ""
    for _ in 0..<2 {
      var bytes = [UInt8](repeating: 0, count: 1024)
      let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
      last = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
    var reader = AuditReader(path: path)
    #expect(try reader.read().get().count == 2)
    let head = try #require(reader.head)
    #expect(last.hasPrefix("<85>sagatop[") && last.hasSuffix("audit \(path) \(head)"))
  }

  @Test("an unreadable log prevents planning, because earlier actions are unknown")
  func unreadable() throws {
    let scene = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    scene.fail("7")
    mkdir("\(scene.directory.path)/state", 0o700)
    mkdir(scene.audit, 0o700)
    let refusal = try #require(throws: ActionRefusal.self) { try scene.plan(scene.gate(), "7") }
    #expect(refusal.kind == .audit && refusal.message.contains(scene.audit))
  }

  @Test("if a reason is required, nothing is planned without one")
  func reason() throws {
    let scene = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    scene.fail("7")
    let gate = scene.gate { $0.audit?.requiresReason = true }
    for reason in ["", "  "] { #expect(throws: ActionRefusal.self) { try scene.plan(gate, "7", reason: reason) } }
    #expect(try scene.plan(gate, "7", reason: "it is fixed").items.count == 1)
  }

  @Test("actions are in the order of the log, regardless of the writers' clocks")
  func order() throws {
    let scene = try ActionScene([ActionDefinition(name: .retry, call: try ActionScene.http())])
    let log = AuditLog(.init(path: scene.audit))
    for (place, age) in [0, 3600, -3600, 60].enumerated() {
      _ = try log.intend(Self.record("\(place)", secondsAgo: Int64(age)))
    }
    scene.gate().readAudit()
    #expect(scene.store.actions(on: "7", type: "order").map(\.intent) == ["0", "1", "2", "3"])
    #expect(
      scene.store.actions(ActionQuery(limit: 9), now: .distantPast).rows.map(\.intent) == ["3", "2", "1", "0"])
  }

  @Test("checking the log and appending are atomic: of two executors only one sends")
  func race() async throws {
    let scene = try ActionScene([
      ActionDefinition(
        name: .retry, call: try ActionScene.http(), expectation: .init(events: ["done"], within: .milliseconds(50)),
        maxBatch: 500, concurrency: 8, rate: 1000)
    ])
    let other = try ActionScene([
      ActionDefinition(
        name: .retry, call: try ActionScene.http(), expectation: .init(events: ["done"], within: .milliseconds(50)),
        maxBatch: 500, concurrency: 8, rate: 1000)
    ])
    let server = try ActionServer { _ in .answer(200, "") }
    let ids = (1...100).map(String.init)
    scene.fail(ids)
    other.fail(ids)
    let gates = [scene.gate(server), other.gate(server) { $0.audit = .init(path: scene.audit) }]
    let plans = try zip(gates, [scene, other]).map { gate, scene in
      try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    }
    for (gate, plan) in zip(gates, plans) { #expect(gate.run(plan, answer: .typed("100")) == nil) }
    for (place, gate) in gates.enumerated() { _ = try await [scene, other][place].outcomes(gate, plans[place]) }
    #expect(server.requests.count == 100 && Set(server.requests.map(\.path)).count == 100)
  }
}
