import Clients
import Configuration
import TUI

/// Examples for each command. Lines have at most 78 columns.
enum HelpExamples {
  static func of(_ command: Invocation.Command) -> [String] { all[command] ?? [] }

  private static let all: [Invocation.Command: [String]] = [
    .live: [
      "sagatop --brokers localhost:9092", "sagatop --brokers kafka:9092 --preset spring --redis redis://redis",
      "sagatop --context prod --read-only", "sagatop-demo -- sagatop",
    ],
    .snapshot: [
      "sagatop snapshot --tables sagas --filter status:stuck",
      "sagatop snapshot -o json --to picture.json",
      "sagatop snapshot -o nagios --check stuck:1:5 --check 'lag[group=pay*]:1000'",
      "sagatop snapshot --until stuck==0 --timeout 5m",
      "sagatop snapshot -o json --watch 10s --changes",
    ],
    .why: ["sagatop why 1007", "sagatop why 4bf92f3577b34da6a3ce929d0e0e4736 -o json"],
    .report: ["sagatop report 1007 --to incident.md", "sagatop report --since 2h -o svg --to incident.svg"],
    .ready: ["sagatop ready && ./deploy", "sagatop ready --context prod -o json"],
    .initialize: [
      "sagatop init --brokers localhost:9092 --to config.yaml",
      "sagatop init --server http://gateway --document /api/events",
    ],
    .doctor: ["sagatop doctor", "sagatop doctor --topic orders"],
    .retry: [
      "sagatop retry 1007 --reason 'payment is back'", "sagatop retry --filter 'status:failed step:payment' --dry-run",
    ],
    .compensate: ["sagatop compensate 1007 --reason 'customer called'"],
    .act: [
      "sagatop act release-lock lock:order:1007 --reason 'holder is gone'",
      "sagatop act redrive payment.dlq/0/42 --reason 'bug 17 is mended'",
    ],
    .actions: ["sagatop actions --since 1d", "sagatop actions --subject 1007 -o json"],
    .runs: ["sagatop runs", "sagatop runs pause 3f2a", "sagatop runs resume 3f2a --reason 'go on'"],
    .record: ["sagatop record incident.jsonl --for 10m"],
    .replay: ["sagatop replay incident.jsonl", "sagatop replay incident.jsonl --at 14:03"],
    .config: ["sagatop config check", "sagatop config show --origin --context prod"],
    .completion: [
      "source <(sagatop completion bash)", "source <(sagatop completion zsh)", "sagatop completion fish | source",
    ],
  ]
}

/// The output of `--version`: the versions of the program and its libraries, and how it was built.
enum VersionText {
  static var text: String {
    let libraries = Libraries.versions + [("libyaml", YamlLibrary.version)]
    let names = libraries.map { "\($0.name) \($0.version)" } + [TerminalFacts.libraryVersion]
    return """
      sagatop \(Program.version)
      libraries: \(names.prefix(3).joined(separator: ", ")),
        \(names.dropFirst(3).joined(separator: ", "))
      built: \(build), \(machine), by Swift \(compiler)

      """
  }

  private static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var machine: String {
    #if arch(x86_64)
      "x86_64 Linux"
    #elseif arch(arm64)
      "aarch64 Linux"
    #else
      "another machine"
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.3)
      "6.3 or newer"
    #elseif compiler(>=6.2)
      "6.2"
    #elseif compiler(>=6.1)
      "6.1"
    #else
      "6.0"
    #endif
  }
}
