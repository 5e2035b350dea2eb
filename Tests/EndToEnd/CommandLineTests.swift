import Foundation
import Testing

@Suite("The command line")
struct CommandLineTests {
  @Test(
    "an invalid argument exits with 64 and a suggestion",
    arguments: [
      (["snapshto"], "did you mean `snapshot`?"), (["--brokerz", "x"], "did you mean `--brokers`?"),
      (["snapshot", "-o", "jsn"], "did you mean `json`?"), (["snapshot", "--timeout", "soon"], "expected a duration"),
      (["--timeout", "5s"], "is an option of"), (["--brokers"], "needs a value"),
      (["snapshot", "--sections", "lagg"], "--sections"), (["snapshot", "--sections", ","], "at least one"),
      (["snapshot", "--to", ""], "--to"), (["snapshot", "--saga", "7", "-o", "json"], "-o screen"),
      (["snapshot", "--size", "80"], "--size"), (["snapshot", "--view", "lagg"], "did you mean `lag`?"),
      (["snapshot", "--columns", "agee"], "did you mean `age`?"), (["snapshot", "--sort", "-agee"], "`age`"),
      (["snapshot", "--tables", "saga"], "did you mean `sagas`?"), (["snapshot", "--require", "kafak"], "`kafka`"),
      (["snapshot", "--until", "stuk==0"], "did you mean `stuck`?"), (["snapshot", "--until", "stuck"], "stuck==0"),
      (["snapshot", "--watch", "5s", "-o", "svg"], "--to FILE"), (["snapshot", "--watch", "1ms"], "100ms or more"),
      (["snapshot", "-o", "json", "--columns", "age"], "-o table"),
      (["snapshot", "--tables", "nodes", "--columns", "lag"], "no chosen table has `lag`"),
      (["snapshot", "--columns", "foo"], "no table has `foo`; --tables selects tables: sources, "),
      (["snapshot", "-o", "text"], "unknown `text` (known are table, wide, csv, markdown, json, prometheus, nagios, "),
      (["-o", "tabl", "why", "1"], "unknown `tabl` (known are text, json)"),
      (["snapshot", "--columns", "foo"], "Try `sagatop snapshot --help`."), (["--nope"], "Try `sagatop --help`."),
      (["--nope", "why"], "Try `sagatop why --help`."), (["config", "chek"], "Try `sagatop config --help`."),
    ] as [([String], String)])
  func usage(words: [String], message: String) throws {
    let run = try Run.sagatop(words)
    #expect(run.code == 64)
    #expect(run.errors.contains(message))
    #expect(run.output.isEmpty)
  }

  @Test(
    "an unknown check exits with 64, a missing source with 78, and an unknown saga not with 0",
    arguments: [
      (["--check", "stuk:1:5"], 64, "did you mean `stuck`?"), (["-o", "nagios"], 64, "give --check"),
      (["--sections", "checks"], 64, "give --check"), (["--require", "redis"], 78, "has no such source"),
      (["-o", "screen", "--saga", "7", "--timeout", "0"], 3, "no saga has the id `7`"),
    ] as [([String], Int32, String)])
  func refused(words: [String], code: Int32, message: String) throws {
    let run = try Run.sagatop(["--brokers", "127.0.0.1:1", "--preset", "spring", "snapshot"] + words)
    #expect(run.code == code)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("without brokers or a configuration it shows how to start, and exits with 78")
  func noConfiguration() throws {
    let run = try Run.sagatop(["snapshot"])
    #expect(run.code == 78)
    for way in ["sagatop --brokers HOST:9092", "sagatop init --brokers", "sagatop-demo"] {
      #expect(run.errors.contains(way), "\(way)")
    }
  }

  @Test("the live screen without a terminal, or with a dumb one, refers to the snapshot")
  func noTerminal() throws {
    let run = try Run.sagatop(["--brokers", "127.0.0.1:1", "--preset", "spring"])
    #expect(run.code == 78)
    #expect(run.errors.contains("sagatop snapshot"))
    for name in ["dumb", "no-such-terminal"] {
      let screen = try Tmux("TERM=\(name) '\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring")
      #expect(try screen.exitCode() == 78)
      #expect(try screen.screen.contains("sagatop snapshot"))
    }
  }

  @Test(
    "with an unreachable broker the available data is printed in time, with exit status 3 and the reason on standard error",
    arguments: ["127.0.0.1:1", "no-such-host.invalid:9092"])
  func noBroker(broker: String) throws {
    let run = try Run.sagatop(["--brokers", broker, "--preset", "spring", "snapshot", "-o", "json", "--timeout", "3s"])
    #expect(run.code == 3)
    let snapshot = try SnapshotDocument(run.output)
    #expect(!snapshot.isComplete)
    #expect(snapshot.sources.first?["phase"] as? String == "down")
    #expect(run.errors.contains(broker.split(separator: ":")[0]))
  }

  @Test("a property unknown to librdkafka is named, and no secret is printed")
  func badProperty() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("bad-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try """
    contexts:
      bad:
        preset: spring
        kafka:
          brokers: 127.0.0.1:1
          properties: {sasl.pasword: hunter2}
    """.write(to: file, atomically: true, encoding: .utf8)
    let run = try Run.sagatop(["-c", file.path, "snapshot"])
    #expect(run.code == 78)
    #expect(run.errors.contains("sasl.pasword"))
    #expect(!(run.errors + run.output).contains("hunter2"))
  }

  @Test("help and version are printed to standard output and fit 80 columns")
  func help() throws {
    let commands = [
      "snapshot", "why", "report", "ready", "init", "retry", "compensate", "act", "runs", "doctor", "record", "replay",
      "actions",
      "aggregate", "config", "completion",
    ]
    for words in [["--help"], ["help", "snapshot"], ["-V"]] + commands.map({ [$0, "--help"] }) {
      let run = try Run.sagatop(words)
      #expect(run.code == 0)
      #expect(run.errors.isEmpty)
      #expect(!run.output.isEmpty)
      for line in run.output.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test("a reader that closes the pipe early is no error")
  func closedPipe() throws {
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "{ '\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring snapshot --timeout 1s; echo code $? >&2; } | true",
      ])
    #expect(run.errors.contains("code 3"))
  }

  @Test("with a closed standard stream, output goes nowhere, in particular not to a broker")
  func closedStreams() throws {
    let words = "'\(Binaries.sagatop)' --brokers 127.0.0.1:1 --preset spring snapshot --timeout 0"
    #expect(try Run.command("/bin/sh", ["-c", "\(words) >&-"]).code == 74)
    #expect(try Run.command("/bin/sh", ["-c", "\(words) <&- 2>&-"]).code == 3)
  }

  @Test("--to writes the complete file or keeps the old one")
  func outputFile() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("to-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let target = folder.appendingPathComponent("snapshot.json").path
    let words = ["--brokers", "127.0.0.1:1", "--preset", "spring", "snapshot", "-o", "json", "--timeout", "1s", "--to"]
    #expect(try Run.sagatop(words + [target]).code == 3)
    _ = try SnapshotDocument(try String(contentsOfFile: target, encoding: .utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["snapshot.json"])
    #expect(try Run.sagatop(words + [folder.appendingPathComponent("no/such/folder").path]).code == 74)
  }
}
