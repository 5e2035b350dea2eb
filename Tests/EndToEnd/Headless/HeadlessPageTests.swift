import Foundation
import Testing

@Suite("The examples of docs/headless.md work", .serialized)
struct HeadlessPageTests {
  /// The folder in the page's examples. Tests replace it by a temporary one.
  private static let exporter = "/var/lib/prometheus/node-exporter"

  private let page: String

  init() throws {
    page = try String(contentsOf: Binaries.root.appendingPathComponent("docs/headless.md"), encoding: .utf8)
  }

  private func blocks(_ language: String) -> [String] {
    page.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  /// All shell command lines of the page.
  private var commands: [String] {
    let shell = blocks("sh").flatMap { $0.split(separator: "\n") }.map(String.init)
    let cron = blocks("crontab").flatMap { $0.split(separator: "\n") }.map { line in
      line.split(separator: " ", maxSplits: 5).dropFirst(5).joined().trimmed
    }
    let job = blocks("yaml").flatMap { $0.split(separator: "\n") }.map { $0.drop { $0 == " " } }
      .filter { $0.hasPrefix("- ") }.map { String($0.dropFirst(2)) }
    let units = blocks("ini").flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("ExecStart=") }
      .map { String($0.dropFirst(10)) }
    // Commands that run forever are ended with SIGTERM, as systemd does.
    let ended = units.map { $0.contains("--watch") ? "timeout --preserve-status -s TERM 4 \($0); test $? = 143" : $0 }
    let plugins = blocks("text").flatMap { $0.split(separator: "\n") }.compactMap {
      $0.split(separator: "=", maxSplits: 1).last
    }
    return shell + cron + job + ended + plugins.map(String.init)
  }

  @Test("cron accepts the lines")
  func cron() {
    let lines = blocks("crontab").flatMap { $0.split(separator: "\n") }
    #expect(lines.count == 3)
    for line in lines {
      let times = line.split(separator: " ").prefix(5)
      #expect(times.count == 5 && times.allSatisfy { $0.wholeMatch(of: /(\*|\d+)(\/\d+)?/) != nil }, "\(line)")
      // cron treats a percent sign as the end of the command.
      #expect(!line.contains("%"), "\(line)")
    }
  }

  @Test("each command for shells, cron, CI and units exits with 0 and writes its output")
  func commandsRun() throws {
    #expect(commands.count >= 21)
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(atPath: folder.path("sagatop"), withDestinationPath: Binaries.sagatop)
    try folder.write("#!/bin/sh\n", to: "deploy.sh")
    try folder.write(
      commands.map { command in
        let words = command.replacingOccurrences(of: Self.exporter, with: folder.path)
          .replacingOccurrences(of: "/usr/local/bin/", with: "").replacingOccurrences(of: "'", with: "'\\''")
        return
          "sh -c '\(words)' 2> errors || { echo \"code $?: \(command.prefix(60).filter { $0 != "\"" && $0 != "$" })\"; cat errors; }"
      }.joined(separator: "\n"), to: "all.sh")
    let script =
      "chmod +x deploy.sh; PATH='\(folder.path)':$PATH; sagatop snapshot "
      + "--until 'completion-rate>10' --timeout 60s > started; sh all.sh > output; grep -B1 -A3 '^code' output"
    let run = try Run.command(
      "/usr/bin/env",
      [
        "-C", folder.path, Binaries.demo, "--broker", "noida", "--seed", "7", "--rate", "10", "--lead", "6", "--",
        "/bin/sh",
        "-c", script,
      ])
    #expect(run.output.isEmpty, "\(run.output)\(run.errors)")
    for file in ["sagatop.prom", "report.md", "sagas.json", "sagas.csv", "doctor.json", "lag.txt"] {
      #expect(try !folder.text(file).isEmpty, "\(file)")
    }
    #expect(try folder.text("output").contains("SAGATOP OK - "))
  }

  @Test("systemd accepts the units")
  func units() throws {
    let folder = try Folder()
    let units = blocks("ini")
    #expect(units.count == 3)
    for unit in units {
      let name = try #require(unit.split(separator: "\n").first).dropFirst(2)
      let text = unit.replacingOccurrences(of: "/usr/local/bin/sagatop", with: Binaries.sagatop)
      try folder.write(text, to: String(name))
    }
    let run = try Run.command(
      "/bin/sh", ["-c", "cd '\(folder.path)'; systemd-analyze verify --man=no ./*.service ./*.timer 2>&1"])
    #expect(run.code == 0, "\(run.output)")
    // The output also contains messages about other units of this system.
    #expect(!run.output.contains("sagatop"), "\(run.output)")
  }
}
