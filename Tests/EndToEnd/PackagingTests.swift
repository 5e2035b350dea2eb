import Foundation
import Testing

@Suite("Installed files", .serialized)
struct PackagingTests {
  private let root = FileManager.default.temporaryDirectory.appendingPathComponent("sagatop-stage-\(UUID().uuidString)")

  private func run(_ script: String, _ arguments: [String]) throws -> Run {
    try Run.command(
      Binaries.root.appendingPathComponent("packaging/\(script)").path, arguments,
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
  }

  private func files() throws -> Set<String> {
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
    return Set(
      (all?.allObjects as? [URL] ?? []).filter {
        (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
      }
      .map { String($0.path.dropFirst(root.path.count + 1)) })
  }

  @Test(
    "programs, manual, completions, presets, themes, units, example and licence are installed under the prefix and removed again"
  )
  func staged() throws {
    defer { try? FileManager.default.removeItem(at: root) }
    let bin = URL(fileURLWithPath: Binaries.sagatop).deletingLastPathComponent().path
    let stage = try run("stage", [bin, root.path, "/opt/x"])
    #expect(stage.code == 0, "\(stage.errors)")
    let installed = try files()
    for file in [
      "bin/sagatop", "bin/sagatop-demo", "share/man/man1/sagatop.1.gz", "share/man/man1/sagatop-demo.1.gz",
      "share/man/man5/sagatop-config.5.gz", "share/bash-completion/completions/sagatop",
      "share/zsh/site-functions/_sagatop", "share/fish/vendor_completions.d/sagatop.fish",
      "share/sagatop/presets/spring.yaml", "share/sagatop/themes/default.yaml", "share/doc/sagatop/LICENSE",
      "share/doc/sagatop/examples/config.yaml", "lib/systemd/system/sagatop-metrics.timer",
    ] { #expect(installed.contains("opt/x/" + file), "\(file)") }
    let unit = try String(
      contentsOf: root.appendingPathComponent("opt/x/lib/systemd/system/sagatop-watch.service"), encoding: .utf8)
    #expect(unit.contains("ExecStart=/opt/x/bin/sagatop "))
    #expect(try run("unstage", [root.path, "/opt/x"]).code == 0)
    #expect(try files().isEmpty)
  }

  @Test("the manual contains each command and option of --help, and no line is taken for a troff request")
  func manual() throws {
    let overview = try Run.sagatop(["--help"]).output
    let list = try #require(overview.split(separator: "commands:\n").last?.split(separator: "\n\n").first)
    let all = list.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(all.count > 14)
    for (program, commands) in [(Binaries.sagatop, all), (Binaries.demo, [])] {
      let page = try run("manual", [program])
      #expect(page.code == 0, "\(page.errors)")
      let plain = page.output.replacingOccurrences(of: "\\-", with: "-")
      for command in [[]] + commands.map({ [$0] }) {
        let help = try Run.command(program, command + ["--help"])
        #expect(help.code == 0)
        for option in help.output.matches(of: /(?m)^ +(?:-[a-zA-Z], )?(--[a-z-]+)/).map(\.1) {
          #expect(plain.contains(option), "\(command) \(option)")
        }
        // Every word of the help is in the command's section, in the same order.
        let title = command.isEmpty ? ".SS sagatop\n" : ".SS sagatop \(command[0])\n"
        guard program == Binaries.sagatop, let start = plain.range(of: title) else { continue }
        let section = plain[start.upperBound...].components(separatedBy: "\n.S")[0]
        var rest = section.replacingOccurrences(of: "\\e", with: "\\")[...]
        for word in help.output.split(whereSeparator: \.isWhitespace).dropFirst() {
          let text = word.hasSuffix(":") ? word.dropLast() : word
          guard let range = rest.range(of: text) else {
            Issue.record("\(command): \(word) is not in the manual, or not in its place")
            break
          }
          rest = rest[range.upperBound...]
        }
        for word in command { #expect(plain.contains(".SS sagatop \(word)\n")) }
      }
      let requests: Set<Substring> = [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".BR", ".I", ".nf", ".fi", ".\\\""]
      for line in page.output.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
        #expect(requests.contains(line.prefix { $0 != " " }), "\(line)")
      }
    }
  }

  @Test("the example configuration is valid in each of its contexts")
  func example() throws {
    let file = Binaries.root.appendingPathComponent("packaging/examples/config.yaml").path
    for context in ["staging", "production"] {
      let run = try Run.sagatop(
        ["snapshot", "--config", file, "--context", context, "--timeout", "100ms"],
        environment: ["SAGATOP_KAFKA_PASSWORD": "x"])
      #expect(run.code == 3, "\(run.errors)")
    }
  }
}
