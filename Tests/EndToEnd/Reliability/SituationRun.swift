import Foundation

/// Runs all reports on one situation concurrently.
struct SituationRun {
  private let situation: Situation
  private let scene: Scene
  private let folder: Folder

  init(_ situation: Situation) throws {
    self.situation = situation
    scene = try situation.scene()
    folder = try Folder()
    try folder.write("contexts: {demo: \(scene.context)}\n", to: "config.yaml")
    if let recording = scene.recording { try folder.write(recording, to: "given.jsonl") }
  }

  func cells() throws -> [String] {
    if scene.kill != nil { return try broken() }
    let source = scene.recording == nil ? ["--timeout", situation.timeout] : ["--from", folder.path("given.jsonl")]
    let json = try snapshot(source + ["-o", "json", "--check", situation.check])
    let nagios = try snapshot(source + ["-o", "nagios", "--check", situation.check])
    let table = try snapshot(source + tableWords + ["--check", situation.check])
    let until = try snapshot(source + ["-o", "json", "--until", situation.condition])
    let watch = try watching(source + ["-o", "nagios", "--check", situation.check], "watch")
    let screen = try snapshot(source + ["-o", "screen", "--size", "160x12"])
    let record = scene.recording == nil ? try recording(for: "3s") : nil
    let isWatched = scene.recording == nil
    let watched = isWatched ? try line("watch") { _ in true } : "\(try watch.end().code)"
    watch.send(SIGTERM)
    _ = try record?.end()
    let file = scene.recording == nil ? "made.jsonl" : "given.jsonl"
    let (soon, tests) =
      isWatched
      ? ("within `--timeout`, here \(situation.timeout)", "`ReliabilityTests`")
      : ("at the recording's end", "`ReliabilityTests`, `RecordedSituationsTests`")
    return [
      soon, try Self.check(json.end()), try Self.state(nagios.end()), try Self.cell(table.end()),
      "\(try until.end().code)", isWatched ? Self.word(watched) : watched, try replay(file),
      try header(screen.end().output), tests,
    ]
  }

  /// All reports run while the failure happens.
  private func broken() throws -> [String] {
    let check = ["-o", "nagios", "--check", situation.check]
    let programs = [
      try watching(["-o", "json", "--check", situation.check], "json"), try watching(check, "nagios"),
      try watching(tableWords + ["--to", folder.path("table")], "none"),
    ]
    let until = try snapshot(["--timeout", "12s", "-o", "json", "--until", "running==0"])
    let record = try recording(for: "\(scene.recorded)s")
    let screen = try Tmux("'\(Binaries.sagatop)' -c '\(folder.path("config.yaml"))'", columns: 160)
    try line("nagios") { $0.contains(" OK ") }
    try eventually("the table has a number") { (try? folder.text("table"))?.trimmed == "0" ? true : nil }
    try line("json") { $0.contains(#""state":"ok""#) }
    try screen.wait(for: "\(situation.header)", within: 20)
    scene.kill?()
    let nagios = try line("nagios") { !$0.contains(" OK ") }
    let json = try line("json") { !$0.contains(#""state":"ok""#) }
    let table = try eventually("the table has none any more") { () -> String? in
      let text = try? folder.text("table").trimmed
      return text == "0" || text == nil || text == "" ? nil : text
    }
    let top = try screen.wait(
      within: 20, until: { ["down", "silent"].contains(where: header($0).contains) }, "the top line says it"
    )
    programs.forEach { $0.send(SIGTERM) }
    _ = try record.end()
    let document = try SnapshotDocument(json)
    return [
      "within 30 s of its end", "–, \(Self.check(document))", "–, \(Self.word(nagios))", "–, \(Self.ages(table))",
      "\(try until.end().code)",
      Self.word(nagios),
      try replay("made.jsonl"), header(top), "`ReliabilityTests`",
    ]
  }

  private var tableWords: [String] {
    ["-o", "wide", "--tables", situation.table, "--columns", situation.column, "--no-headers"]
  }

  private func snapshot(_ words: [String]) throws -> RunningProgram {
    try RunningProgram(Binaries.sagatop, ["-c", folder.path("config.yaml"), "snapshot"] + words)
  }

  private func watching(_ words: [String], _ file: String) throws -> RunningProgram {
    let line = (["-c", folder.path("config.yaml"), "snapshot", "--watch", "300ms"] + words).map { "'\($0)'" }.joined(
      separator: " ")
    return try RunningProgram("/bin/sh", ["-c", "exec '\(Binaries.sagatop)' \(line) > '\(folder.path(file))'"])
  }

  private func recording(for time: String) throws -> RunningProgram {
    try RunningProgram(
      Binaries.sagatop, ["-c", folder.path("config.yaml"), "record", folder.path("made.jsonl"), "--for", time])
  }

  private func replay(_ file: String) throws -> String {
    try Self.state(snapshot(["--from", folder.path(file), "-o", "nagios", "--check", situation.check]).end())
  }

  /// Waits until the last complete line of the file fulfils the condition, and returns it.
  @discardableResult
  private func line(_ file: String, _ isMeant: (String) -> Bool) throws -> String {
    try eventually("\(situation.name): a line of \(file)") {
      let lines = ((try? folder.text(file)) ?? "").components(separatedBy: "\n").dropLast()
      return lines.last.flatMap { isMeant($0) ? $0 : nil }
    }
  }

  private static func check(_ run: Run) throws -> String { "\(run.code), \(check(try SnapshotDocument(run.output)))" }

  private static func check(_ document: SnapshotDocument) -> String {
    let check = (document.root["checks"] as? [[String: Any]])?.first ?? [:]
    let value = check["value"] as? Double
    // Ages vary between runs, so their value is not compared.
    let isAge = check["unit"] as? String == "s"
    return "\(check["state"] ?? "none"), \(value.map { isAge ? "null" : "\(Int($0))" } ?? "null")"
  }

  private static func state(_ run: Run) throws -> String { "\(run.code), \(word(run.output))" }

  private static func word(_ line: String) -> String {
    line.split(separator: " ").dropFirst().first.map(String.init) ?? "nothing"
  }

  private static func cell(_ run: Run) throws -> String {
    // A lower bound is treated like an unknown value.
    let lines = run.output.split(separator: "\n").map { String($0).trimmed }
    return "\(run.code), \(lines.isEmpty ? "no row" : lines[0].hasPrefix(">") ? "-" : ages(lines[0]))"
  }

  /// Replaces ages, because they vary between runs.
  private static func ages(_ text: String) -> String {
    text.replacingOccurrences(of: "[0-9.]+(m[0-9]+)?s$", with: "t", options: .regularExpression)
  }

  private func header(_ screen: String) -> String {
    let top = screen.split(separator: "\n").first.map(String.init) ?? ""
    let parts = (top.components(separatedBy: "▏").dropFirst().first?.components(separatedBy: "  ") ?? []).map(\.trimmed)
    // Before the first group is read, the header contains the name of the source.
    let names = situation.header == "groups" ? ["groups", "lag"] : [situation.header]
    return names.lazy.compactMap { name in parts.first { $0.hasPrefix(name) } }.first ?? "nothing of it: \(top)"
  }
}
