import Collectors
import Core
import Glibc
import TestSupport
import Testing
import Text

@testable import Actions

@Suite("Commands")
struct CommandTests {
  private func action(_ words: [String], timeout: Duration = .seconds(10)) throws -> ActionDefinition {
    ActionDefinition(
      name: .retry, call: .command(try words.map { try ActionScene.template($0, .argument) }),
      expectation: .init(within: .milliseconds(100)), timeout: timeout)
  }

  private func outcome(_ words: [String], timeout: Duration = .seconds(10), body: String = "{}") async throws
    -> ActionRecord
  {
    let scene = try ActionScene([try action(words, timeout: timeout)])
    scene.fail("7", body: body)
    return try #require(try await scene.run(scene.gate(), ["7"]).first)
  }

  @Test("the intent is on disk before the program starts")
  func durable() async throws {
    let folder = try TemporaryDirectory()
    let path = "\(folder.path)/audit.jsonl"
    let scene = try ActionScene([try action(["grep", "-c", "{idempotencyKey}", path])])
    scene.fail("7")
    let record = try #require(try await scene.run(scene.gate { $0.audit = .init(path: path) }, ["7"]).first)
    #expect(record.stages.contains { $0.outcome == .accepted("1") })
  }

  @Test(
    "exit status 0 means accepted; any other means refused, with the program's output",
    arguments: [
      (["sh", "-c", "echo fine"], "accepted", "fine"), (["sh", "-c", "echo no >&2; exit 3"], "refused", "3: no"),
      (["no-such-program-x"], "refused", "not started: `no-such-program-x`: No such file or directory"),
      (["sh", "-c", "kill -9 $$"], "unknown", "`sh` was ended by signal 9"),
    ])
  func end(words: [String], outcome: String, detail: String) async throws {
    let record = try await self.outcome(words)
    let answer = try #require(
      record.stages.first { ["accepted", "refused", "unknown"].contains($0.outcome.name) }?.outcome)
    #expect(answer.name == outcome && answer.detail == detail)
  }

  @Test("a program has a session of its own, no terminal, and nothing to read")
  func session() async throws {
    let script =
      "read -r _ _ _ _ _ session terminal _ </proc/$$/stat; read -r line; echo $((session == $$)) $terminal $line"
    let record = try await outcome(["sh", "-c", script])
    #expect(record.stages.contains { $0.outcome == .accepted("1 0") }, "\(record.stages)")
    let check = "read -r _ _ _ _ _ session _ </proc/$$/stat; [ $session = $$ ] && yes | head -c 9000000"
    #expect(ProgramCall.run(["sh", "-c", check], variables: [], timeout: .seconds(20)) == nil)
    let start = ContinuousClock.now
    let late = ProgramCall.run(["sh", "-c", "trap '' TERM; sleep 60"], variables: [], timeout: .milliseconds(300))
    #expect(late == "`sh` did not end in time" && ContinuousClock.now - start < .seconds(10))
  }

  @Test("the request names a missing reason explicitly")
  func noReason() async throws {
    let record = try await outcome(["echo", "by hand: {reason}"])
    #expect(record.stages.contains { $0.outcome == .accepted("by hand: no reason given") })
  }

  @Test("a program that does not end is killed with all its children, and its outcome is unknown")
  func late() async throws {
    let folder = try TemporaryDirectory()
    let record = try await outcome(
      ["sh", "-c", "sleep 60 & echo $! > \(folder.path)/pid; wait"], timeout: .milliseconds(400))
    #expect(record.outcome.name == "unknown")
    let child = try #require(Int32(ActionScene.text(of: "\(folder.path)/pid").split(separator: "\n").first ?? ""))
    #expect(
      await waitUntil {
        ActionScene.text(of: "/proc/\(child)/stat").split(separator: " ").dropFirst(2).first.map { $0 == "Z" } ?? true
      })
  }

  @Test("a program with endless output is killed at its timeout", arguments: ["yes", "yes >&2"])
  func endless(script: String) async throws {
    let record = try await outcome(["sh", "-c", script], timeout: .milliseconds(300))
    #expect(record.outcome.detail?.hasPrefix("`sh` was killed after ") == true, "\(record.outcome)")
  }

  @Test("no value is anything but one argument", arguments: Injection.corpus)
  func injection(value: String) async throws {
    let folder = try TemporaryDirectory()
    let body = "{\"name\":\"\(JSONString.escaped(value))\"}"
    let record = try await outcome(
      ["sh", "-c", "printf '%s|' \"$@\" > \(folder.path)/words", "x", "a", "{data.name}", "b"], body: body)
    #expect(record.outcome.name != "refused")
    #expect(ActionScene.text(of: "\(folder.path)/words") == "a|\(value)|b|")
  }

  @Test("a saga is excluded if a program would read its value as an option")
  func option() throws {
    let scene = try ActionScene([try action(["echo", "{data.name}"])])
    scene.fail("7", body: #"{"name":"--force"}"#)
    guard case .failure(let refusal) = scene.gate().plan(ActionRequest(.retry, scene.subjects(["7"]))) else {
      throw TestFailure("it was planned")
    }
    #expect(refusal.message.contains("option"))
  }
}
