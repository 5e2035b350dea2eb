import Core
import Glibc
import TestSupport
import Testing

@testable import Collectors

@Suite("Output of commands")
struct CommandSourceTests {
  private let sink = CollectingSink()
  private let symbols = SymbolTable()

  private func rules() throws -> [MessageRule] {
    [
      MessageRule(
        pattern: "=== Saga Transaction Started ===", type: FieldSource.named("saga started"),
        begins: .init(member: "run")),
      MessageRule(
        pattern: "Step \\d+: (?<step>.+) - (?<status>[A-Z]+)", type: FieldSource.named("{step} {status}")),
      MessageRule(type: FieldSource.named("saga {status}")),
    ]
  }

  private func source(_ script: String) throws -> CommandSource {
    let command = CommandDefinition(
      name: "job", run: ["sh", "-c", script], messages: try rules(), interval: .milliseconds(100))
    return CommandSource(command, system: LabSystem.definition, symbols: symbols, sink: sink)
  }

  private var types: [String] { sink.events.map { symbols.text($0.type) } }

  @Test("lines are parsed by pattern or as JSON; unmatched lines are counted, and invalid JSON is shown")
  func lines() async throws {
    let source = try source(
      """
      echo '=== Saga Transaction Started ==='
      printf 'Step 1: Validate User - SUCCESS\\r\\n'
      echo 'kernel: what is this'
      echo
      echo '{"saga_id":"s9","status":"completed"}'
      echo '{"saga_id":"s9","sta'
      printf '\\377\\376 garbage \\000 of bytes\\n'
      exec sleep 300
      """)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.isComplete })
    #expect(types == ["saga started", "Validate User SUCCESS", "saga completed"])
    #expect(sink.events.map { $0.link?.key.value } == ["job", "job", "s9"])
    #expect(sink.undecoded.count == 1)
    #expect(sink.status.phase == .up && sink.status.notes == ["2 lines that no pattern knows"])
  }

  @Test("a successful command runs again, and repeated output gives no new events")
  func repeated() async throws {
    let directory = try TemporaryDirectory()
    let source = try source(
      "echo run >> \(directory.path)/runs; echo '=== Saga Transaction Started ==='; echo 'Step 1: Pay - SUCCESS'")
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { lines(of: "\(directory.path)/runs") >= 3 })
    #expect(sink.count == 2 && sink.status.isComplete && sink.status.error == nil)
  }

  private func lines(of path: String) -> Int {
    guard let file = fopen(path, "r") else { return 0 }
    defer { fclose(file) }
    var count = 0
    while case let byte = fgetc(file), byte != EOF { if byte == 10 { count += 1 } }
    return count
  }

  @Test("a failed command reports its own error output and is restarted with increasing delays")
  func failing() async throws {
    let source = try source("echo 'Step 1: Pay - SUCCESS'; echo 'first' >&2; echo 'no such job' >&2; exit 3")
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.error != nil })
    #expect(sink.status.phase == .down && sink.status.retryAt != nil && !sink.status.isComplete)
    #expect(sink.status.error == "`sh` ended with 3: no such job; starting it again")
    let first = sink.status.retryAt
    #expect(await waitUntil { sink.status.error != nil && sink.status.retryAt != first })
    #expect(types == ["Pay SUCCESS"])
  }

  @Test("a killed command is restarted")
  func killed() async throws {
    let source = try source("echo 'Step 1: Pay - SUCCESS'; kill -9 $$")
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.error != nil })
    #expect(sink.status.error?.contains("ended with 137") ?? false)
  }

  @Test("a missing program is reported")
  func missing() async throws {
    let command = CommandDefinition(name: "job", run: ["no-such-program-here"])
    let source = CommandSource(command, system: LabSystem.definition, symbols: symbols, sink: sink)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { sink.status.error != nil })
    #expect(
      sink.status.error?.hasPrefix("`no-such-program-here` cannot be started: No such file or directory") ?? false)
  }

  @Test("at the end the command and all its children are killed")
  func group() async throws {
    let directory = try TemporaryDirectory()
    let file = "\(directory.path)/pids"
    let source = try source("sleep 300 & echo $! > \(file).new; echo $$ >> \(file).new; mv \(file).new \(file); wait")
    source.start()
    try #require(await waitUntil { lines(of: file) == 2 })
    let pids = try pids(in: file)
    source.stop()
    #expect(pids.count == 2 && pids.allSatisfy { $0 > 1 })
    #expect(await waitUntil { pids.allSatisfy { !isRunning($0) } })
  }

  private func pids(in path: String) throws -> [pid_t] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var text = ""
    while case let byte = fgetc(file), byte != EOF { text.unicodeScalars.append(Unicode.Scalar(UInt8(byte))) }
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }

  /// False for zombies too. In a container no parent may reap them.
  private func isRunning(_ pid: pid_t) -> Bool {
    guard kill(pid, 0) == 0, let file = fopen("/proc/\(pid)/stat", "r") else { return false }
    defer { fclose(file) }
    var text = ""
    while case let byte = fgetc(file), byte != EOF { text.unicodeScalars.append(Unicode.Scalar(UInt8(byte))) }
    return text.split(separator: ")").last?.first { $0 != " " } != "Z"
  }

  @Test("for a command with endless output, initial output is complete when reading has caught up")
  func busy() async throws {
    let source = try source("i=0; while :; do i=$((i+1)); echo \"Step 1: Pay$i - SUCCESS\"; sleep 0.02; done")
    source.start()
    defer { source.stop() }
    #expect(await waitUntil { sink.status.isComplete && sink.status.phase == .up })
  }

  @Test("a command that ignores SIGTERM is killed")
  func stubborn() async throws {
    let directory = try TemporaryDirectory()
    let file = "\(directory.path)/pids"
    let source = try source(
      "trap '' TERM INT HUP; echo $$ > \(file).new; mv \(file).new \(file); while :; do sleep 0.1; done")
    source.start()
    try #require(await waitUntil { lines(of: file) == 1 })
    let pids = try pids(in: file)
    source.stop()
    #expect(await waitUntil { pids.allSatisfy { !isRunning($0) } })
  }

  @Test("an endless line is truncated, endless error output is ignored, and lines in between are read")
  func floods() async throws {
    let source = try source(
      """
      echo 'Step 1: Pay - SUCCESS'
      head -c 3000000 /dev/zero | tr '\\0' x
      head -c 3000000 /dev/urandom >&2
      echo
      echo 'Step 2: Ship - SUCCESS'
      exec sleep 300
      """)
    source.start()
    defer { source.stop() }
    try #require(await waitUntil { types.count == 2 && sink.status.isComplete })
    #expect(types == ["Pay SUCCESS", "Ship SUCCESS"])
    #expect(await waitUntil { sink.status.notes.contains("1 longer than 64 KiB, cut") })
  }
}
