import Core
import Testing

@testable import TUI

@Suite("The : command")
struct TypedCommandTests {
  @Test(
    "known commands are parsed",
    arguments: [
      ("sagas", .run(.showTab("sagas"))), ("events", .run(.showTab("events"))),
      ("  Overview ", .run(.showTab("overview"))), ("q", .run(.quit)),
      ("quit", .run(.quit)), ("filter status:stuck age>5m", .filter("status:stuck age>5m")), ("filter", .filter("")),
      ("sort updated", .sort("updated")), ("sort id", .sort("id")), ("ev", .run(.showTab("events"))),
      ("sort upd", .sort("updated")),
      ("sort lag", .sort("lag")),
      ("lag", .run(.showTab("lag"))), ("locks", .run(.showTab("locks"))), ("sort ttl", .sort("ttl")),
      ("sort upt", .sort("uptime")), ("topics", .run(.show(.topics))),
      ("help", .run(.help)), ("stop", .run(.stopHistory)), ("", .nothing),
      ("   ", .nothing),
    ] as [(String, TypedCommand)])
  func understands(text: String, command: TypedCommand) throws {
    #expect(try TypedCommand(parsing: text) == command)
  }

  @Test(
    "an unknown command gives a suggestion",
    arguments: [
      ("sagsa", "unknown command `sagsa`: did you mean `sagas`?"),
      ("sort updatd", "unknown order `updatd`: did you mean `updated`?"),
      (
        "sort",
        "unknown order ``: use severity, id, type, status, step, age, node, updated, started, name, members, lag, oldest, drain, arriving, reading, partitions, messages, skew, key, ttl, waiters, since, latency, uptime, rate, sagas, steps, failed, share, group, client, host, duration, error, count, last, first, pattern, time, action, subject, outcome, operator"
      ),
    ])
  func suggests(text: String, message: String) {
    #expect(throws: TypedCommand.Misunderstood(message: message)) { try TypedCommand(parsing: text) }
  }

  @Test("without a similar one, all commands are listed")
  func namesAll() {
    let error = #expect(throws: TypedCommand.Misunderstood.self) { try TypedCommand(parsing: "zzzzzzzzzz") }
    #expect(error?.message.contains("overview, sagas, events, lag, locks") == true)
  }
}
