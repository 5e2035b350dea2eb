import Core
import Glibc
import Synchronization
import TestRandom
import TestSupport
import Testing

@testable import Actions

@Suite("Intents under disturbances")
struct IntentPropertyTests {
  /// An event that affects the audit log or the run during one request.
  private enum Event: CaseIterable {
    case nothing, cancelled, takenAway, folderInItsPlace, linkInItsPlace, pipeInItsPlace, killedBatch
  }

  private static func happen(_ event: Event, to path: String, _ gate: ActionExecutor?, _ intent: String) {
    if ![.nothing, .cancelled, .killedBatch].contains(event) { rename(path, path + ".gone") }
    switch event {
    case .nothing, .takenAway: break
    case .cancelled: gate?.cancel(intent: intent)
    case .folderInItsPlace: mkdir(path, 0o700)
    case .linkInItsPlace: symlink(path + ".gone", path)
    case .pipeInItsPlace: mkfifo(path, 0o600)
    case .killedBatch: gate?.close(patience: .zero)
    }
  }

  /// Idempotency keys of the intents in the log and in the moved log.
  private static func intended(_ path: String) -> [String] {
    [path + ".gone", path].filter { $0 == path + ".gone" || isFile($0) }
      .flatMap { ActionScene.text(of: $0).split(separator: "\n") }
      .compactMap { AuditLine.read(Array($0.utf8))?.line }
      .filter { $0.kind == .intended }.map(\.record.idempotencyKey)
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  @Test(
    "no request is sent before its intent is on disk, none is sent twice, and each subject has an outcome",
    arguments: 0..<21 as Range<UInt64>)
  func property(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let event = Event.allCases[Int(seed) % Event.allCases.count]
    let ids = (1...Int.random(in: 1...40, using: &random)).map(String.init)
    let moment = Int.random(in: 1...ids.count, using: &random)
    var action = ActionDefinition(
      name: .retry, call: try ActionScene.http(), expectation: .init(within: .milliseconds(20)),
      timeout: .seconds(30))
    (action.concurrency, action.rate) = (Int.random(in: 1...8, using: &random), 1000)
    let scene = try ActionScene([action])
    scene.fail(ids)
    let path = scene.audit
    let running = Mutex<(gate: ActionExecutor, intent: String)?>(nil)
    let early = Mutex<[String]>([])
    let count = Atomic(0)
    let server = try ActionServer { request in
      // Checked twice, because the log may be moved between the two reads.
      let isIntended = (0..<2).contains { _ in Self.intended(path).contains(request.key) }
      if !isIntended { early.withLock { $0.append(request.key) } }
      let number = count.add(1, ordering: .relaxed).newValue
      let now = running.withLock { $0 }
      if number == moment { Self.happen(event, to: path, now?.gate, now?.intent ?? "") }
      return number % 7 == 0 ? .close : .answer(number % 5 == 0 ? 409 : 200, "")
    }
    let gate = scene.gate(server)
    let plan = try gate.plan(ActionRequest(.retry, scene.subjects(ids))).get()
    running.withLock { $0 = (gate, plan.intent) }
    #expect(gate.run(plan, answer: ActionScene.answer(plan)) == nil)
    let records = try await scene.outcomes(gate, plan)
    running.withLock { $0 = nil }

    let (sent, intended) = (server.requests.map(\.key), Self.intended(path))
    #expect(early.withLock { $0 }.isEmpty, "seed \(seed)")
    #expect(Set(sent).count == sent.count, "seed \(seed)")
    #expect(Set(sent) == Set(intended) && intended.count == sent.count, "seed \(seed)")
    #expect(records.count == ids.count, "seed \(seed)")
    let left = records.filter { ["skipped", "cancelled"].contains($0.outcome.name) }
    #expect(left.count == ids.count - sent.count, "seed \(seed)")
    #expect(left.allSatisfy { !sent.contains($0.idempotencyKey) }, "seed \(seed)")
  }

  @Test("a program starts only after its intent is on disk, also with many concurrent starts")
  func commands() async throws {
    let folder = try TemporaryDirectory()
    let path = "\(folder.path)/audit.jsonl"
    let words = ["sh", "-c", #"grep -c "\"intended\".*$SAGATOP_IDEMPOTENCY_KEY" "$1""#, "x", path]
    var action = ActionDefinition(
      name: .retry, call: .command(try words.map { try ActionScene.template($0, .argument) }),
      expectation: .init(within: .milliseconds(20)), timeout: .seconds(60))
    (action.concurrency, action.rate) = (8, 1000)
    let scene = try ActionScene([action])
    let ids = (1...40).map(String.init)
    scene.fail(ids)
    let records = try await scene.run(scene.gate { $0.audit = .init(path: path) }, ids)
    #expect(records.count { $0.stages.contains { $0.outcome == .accepted("1") } } == 40)
  }
}
