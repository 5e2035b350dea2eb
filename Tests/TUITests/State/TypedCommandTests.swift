import Core
import Testing

@testable import TUI

@Suite("The : command")
struct TypedCommandTests {
  @Test(
    "known words are understood",
    arguments: [
      ("sagas", .show(.sagas)), ("events", .show(.events)), ("  Overview ", .show(.overview)), ("q", .run(.quit)),
      ("quit", .run(.quit)), ("filter status:stuck age>5m", .filter("status:stuck age>5m")), ("filter", .filter("")),
      ("sort updated", .sort(.updated)), ("sort id", .sort(.id)), ("ev", .show(.events)), ("sort upd", .sort(.updated)),
      ("sort lag", .sortGroups(.lag)),
      ("lag", .show(.lag)), ("locks", .show(.locks)), ("sort ttl", .sortLocks(.ttl)),
      ("sort upt", .sortServices(.uptime)), ("topics", .run(.topics)),
      ("help", .run(.help)), ("", .nothing),
      ("   ", .nothing),
    ] as [(String, TypedCommand)])
  func understands(text: String, command: TypedCommand) throws {
    #expect(try TypedCommand(parsing: text) == command)
  }

  @Test(
    "an unknown word suggests the nearest known one",
    arguments: [
      ("sagsa", "unknown command `sagsa`: did you mean `sagas`?"),
      ("sort updatd", "unknown order `updatd`: did you mean `updated`?"),
      (
        "sort",
        "unknown order ``: use severity, updated, started, age, id, type, status, step, node, name, members, lag, oldest, drain, arriving, reading, key, ttl, waiters, since, latency, uptime, rate, duration, error, count, last, first, pattern, sagas, steps, failed, share"
      ),
    ])
  func suggests(text: String, message: String) {
    #expect(throws: TypedCommand.Misunderstood(message: message)) { try TypedCommand(parsing: text) }
  }

  @Test("far from every known word, all of them are named")
  func namesAll() {
    let error = #expect(throws: TypedCommand.Misunderstood.self) { try TypedCommand(parsing: "zzzzzzzzzz") }
    #expect(error?.message.contains("overview, sagas, events, lag, locks") == true)
  }
}
