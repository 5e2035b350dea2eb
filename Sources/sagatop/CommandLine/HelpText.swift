/// The help text, generated from the table of options.
enum HelpText {
  private struct About {
    var command: Invocation.Command
    var usage: String
    var summary: String
  }

  private static let commands = [
    About(
      command: .live, usage: "sagatop [option...]",
      summary: "Show the sagas of an event-driven system on a live screen."),
    About(
      command: .snapshot, usage: "sagatop snapshot [option...]",
      summary: "Read the system once, print the result, and exit. For scripts."),
    About(
      command: .why, usage: "sagatop why SAGA [option...]",
      summary: "Explain the state of a saga: causes with their evidence."),
    About(
      command: .report, usage: "sagatop report SAGA|--since AGE [option...]",
      summary: "Write an incident report about a saga, or all with problems."),
    About(
      command: .initialize, usage: "sagatop init [option...]",
      summary: "Read a cluster and print a configuration for it, to edit."),
    About(
      command: .retry, usage: "sagatop retry SAGA... | --filter EXPR [option...]",
      summary: "Retry failed or stuck sagas, and watch the outcome."),
    About(
      command: .compensate, usage: "sagatop compensate SAGA... | --filter EXPR [option...]",
      summary: "Compensate sagas, and watch the outcome."),
    About(
      command: .act, usage: "sagatop act NAME [SAGA...|KEY...|TOPIC/PARTITION/OFFSET...] [option...]",
      summary: "Run an action by its name, such as release-lock or redrive."),
    About(
      command: .actions, usage: "sagatop actions [option...]",
      summary: "Print the actions of operators from the audit log."),
    About(
      command: .runs, usage: "sagatop runs [list|show ID|pause ID|resume ID|stop ID] [option...]",
      summary: "List, pause, resume or stop runs of action plans."),
    About(
      command: .record, usage: "sagatop record FILE [option...]",
      summary: "Record all observations to a file until it is interrupted."),
    About(
      command: .ready, usage: "sagatop ready [option...]",
      summary: "Tell whether a deployment is safe now, and if not, why."),
    About(
      command: .replay, usage: "sagatop replay FILE... [option...]",
      summary: "Show a recording on the live screen, at any speed."),
    About(
      command: .aggregate, usage: "sagatop aggregate --group NAME --topic NAME [option...]",
      summary: "Read topics with several instances, and publish the saga states."),
    About(
      command: .doctor, usage: "sagatop doctor [option...]",
      summary: "Check the configuration, sources, permissions and preset."),
    About(
      command: .config, usage: "sagatop config check|show [option...]",
      summary: "Check the configuration, or print the effective one."),
    About(
      command: .completion, usage: "sagatop completion bash|zsh|fish",
      summary: "Print the completion script for a shell."),
  ]

  /// One sentence. Empty if the command has none.
  static func summary(of command: Invocation.Command) -> String {
    commands.first { $0.command == command }?.summary ?? ""
  }

  static func text(_ command: Invocation.Command) -> String {
    let about = commands.first { $0.command == command } ?? commands[0]
    var lines = ["usage: \(about.usage)", "", about.summary, ""]
    if about.command == .live {
      lines += ["commands:"]
      lines += commands.dropFirst().map { "  \(padded($0.command.rawValue, 12)) \($0.summary)" }
      lines += [""]
    }
    lines += ["options:"]
    lines += Options.all.filter { $0.commands.contains(about.command) }.map { option in
      "  \(padded(option.synopsis, 24)) \(option.help)"
    }
    let formats = about.command.formats.map(\.rawValue)
    if !formats.isEmpty { lines += ["", "formats: \(formats.joined(separator: ", "))"] }
    if about.command == .snapshot {
      lines += [""]
      lines += ["exit codes: 0 ok, 1 warning, 2 critical, 3 unknown or not read in time,"]
      lines += ["64 usage, 66 no such saga, 74 the output cannot be written,"]
      lines += ["78 configuration, 130 and 143 on signals"]
    }
    if about.command == .doctor {
      lines += ["", "exit codes: 0 ok, 1 warnings, 2 failures, 64 usage,"]
      lines += ["78 configuration"]
    }
    if about.command == .initialize {
      lines += ["", "exit codes: 0 sagas found, 1 found, but a part is uncertain, 2 none found,"]
      lines += ["3 a source could not be read in time, 64 usage,"]
      lines += ["74 the output cannot be written, 78 configuration"]
    }
    if about.command == .why || about.command == .report {
      lines += ["", "exit codes: 0 ok, 3 a source could not be read in time, 64 usage,"]
      lines += ["66 no such saga, 74 the output cannot be written, 78 configuration"]
    }
    if about.command == .ready {
      lines += ["", "exit codes: 0 safe, 1 and 2 not safe (2: something is critical),"]
      lines += ["3 unknown, 64 usage, 74 the output cannot be written, 78 configuration"]
    }
    if about.command == .record {
      lines += ["", "exit codes: 0 the recording is complete, 64 usage, 74 it cannot be written,"]
      lines += ["78 configuration"]
    }
    if about.command == .aggregate {
      lines += ["", "exit codes: 0 ended by a signal, 64 usage, 74 it cannot continue,\n78 configuration"]
    }
    if [.retry, .compensate, .act, .runs].contains(about.command) {
      lines += ["", "exit codes: 0 outcome observed, 1 not observed in time, 2 refused or skipped,"]
      lines += ["3 unknown or dry run, 4 failed again, 64 usage,"]
      lines += ["74 the audit log cannot be written, 77 read-only or not configured,\n78 configuration"]
    }
    if about.command == .config {
      lines += ["", "exit codes: 0 ok, 1 warnings, 64 usage, 78 configuration"]
    }
    let examples = HelpExamples.of(about.command)
    if !examples.isEmpty { lines += ["", "examples:"] + examples.map { "  \($0)" } }
    if about.command == .live {
      lines += ["", "Configuration: --config, $SAGATOP_CONFIG, ~/.config/sagatop/config.yaml or"]
      lines += ["/etc/sagatop/config.yaml."]
      lines += ["Press ? on the screen to list its keys."]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
