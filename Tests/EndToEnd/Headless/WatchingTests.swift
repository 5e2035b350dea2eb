import Foundation
import TestSupport
import Testing

@Suite("Snapshots again and again, and waiting for a condition", .serialized)
struct WatchingTests {
  private static func lines(_ text: String) -> [[String: Any]] {
    text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).compactMap { line in
      try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }
  }

  private static func phase(_ line: [String: Any]) -> String? {
    (line["sources"] as? [[String: Any]])?.first { $0["name"] as? String == "kafka" }?["phase"] as? String
  }

  @Test("--watch goes on while the broker goes away and comes back, a whole line each time, until it is told to end")
  func restart() throws {
    let server = try NoidaServer()
    let folder = try Folder()
    let command =
      "'\(Binaries.sagatop)' snapshot --brokers \(server.brokers) --preset spring --sections sources,lag --watch 200ms"
      + " --require kafka > out 2> errors"
    let program = try RunningProgram("/bin/sh", ["-c", "cd '\(folder.path)' && exec \(command)"])
    func wait(for phase: String) throws -> Int {
      try eventually("the last line says \(phase)") {
        let lines = Self.lines((try? folder.text("out")) ?? "")
        return lines.last.flatMap(Self.phase) == phase ? lines.count : nil
      }
    }
    let before = try wait(for: "up")
    server.stop()
    let during = try wait(for: "down")
    try server.restart()
    let after = try wait(for: "up")
    #expect(before < during && during < after)
    program.send(SIGINT)
    #expect(try program.end().code == 130)
    let text = try folder.text("out")
    #expect(text.hasSuffix("\n"))
    #expect(Self.lines(text).count == text.split(separator: "\n").count)
  }

  @Test("--watch ends quietly with its reader, and with the signal's code on SIGTERM")
  func readerGone() throws {
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh", ["-c", "{ \(words) --watch 100ms; echo code $? >&2; } | head -n 2 | wc -l"])
    #expect(run.output.trimmed == "2")
    #expect(run.errors.contains("code 0"), "\(run.errors)")
    let ended = try Run.command(
      "/bin/sh", ["-c", "timeout --preserve-status -s TERM 1 \(words) --watch 10s > /dev/null"])
    #expect(ended.code == 143, "\(ended.errors)")
  }

  @Test("--watch with --to replaces the file each time")
  func file() throws {
    let folder = try Folder()
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "cd '\(folder.path)' || exit; timeout -s INT 2 \(words) --watch 100ms -o prometheus --to m.prom & "
          + "until [ -f m.prom ]; do sleep 0.05; done; a=$(cat m.prom); until [ \"$a\" != \"$(cat m.prom)\" ]; "
          + "do sleep 0.05; done; wait $!; tail -n 1 m.prom; ls",
      ])
    #expect(run.output == "# EOF\nm.prom\n", "\(run.errors)")
  }

  @Test("--watch with --to goes on where the file cannot be written for a while")
  func unwritable() throws {
    let folder = try Folder()
    let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 --sections sources"
    let run = try Run.command(
      "/bin/sh",
      [
        "-c",
        "cd '\(folder.path)' || exit; timeout --preserve-status -s INT 3 \(words) --watch 100ms --to new/out 2> errors & "
          + "until grep -q 'trying again' errors; do sleep 0.05; done; mkdir new; "
          + "until [ -f new/out ]; do sleep 0.05; done; wait $!; echo $?",
      ])
    #expect(run.output == "130\n", "\(run.errors)")
  }

  @Test("--until ends with 0 when it holds, and with 2 and the reason when it does not in time")
  func until() throws {
    let sagatop = Binaries.sagatop
    let run = try Run.demo([
      "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "3", "--", "/bin/sh", "-c",
      "'\(sagatop)' snapshot --until 'completion-rate>0' --until 'active<1000000' --timeout 60s --tables types; "
        + "echo code $?; '\(sagatop)' snapshot --until 'undecoded>5' --timeout 2s --tables types; echo code $?; "
        + "'\(sagatop)' snapshot --watch 300ms --until 'active<0' --timeout 5s --sections sources | wc -l",
    ])
    let codes = run.output.split(separator: "\n").filter { $0.hasPrefix("code") }
    #expect(codes == ["code 0", "code 2"], "\(run.output)\(run.errors)")
    #expect(run.errors.contains("--until undecoded>5: timeout; undecoded is 0"), "\(run.errors)")
    #expect((run.output.split(separator: "\n").last.flatMap { Int($0) } ?? 0) >= 2)
  }

  @Test("no condition holds before anything was read")
  func unread() throws {
    let run = try Run.sagatop([
      "snapshot", "--brokers", "127.0.0.1:1", "--preset", "spring", "--until", "stuck==0", "--timeout", "1s",
    ])
    #expect(run.code == 2)
    #expect(run.errors.contains("--until stuck==0: timeout; stuck is unknown (kafka is "), "\(run.errors)")
  }
}
