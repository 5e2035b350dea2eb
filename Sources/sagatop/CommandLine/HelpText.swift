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
      summary: "Show the sagas of an event-driven system live: what flows, what is stuck."),
    About(
      command: .snapshot, usage: "sagatop snapshot [option...]",
      summary: "Read what there is, print it, and end: for scripts and pipes."),
    About(
      command: .why, usage: "sagatop why SAGA [option...]",
      summary: "Say why a saga is where it is: causes with their evidence."),
    About(
      command: .report, usage: "sagatop report SAGA|--since AGE [option...]",
      summary: "Write an incident report of a saga, or of all in trouble."),
    About(
      command: .initialize, usage: "sagatop init [option...]",
      summary: "Look at a cluster, and print a configuration for it to edit."),
    About(
      command: .retry, usage: "sagatop retry SAGA... | --filter EXPR [option...]",
      summary: "Let failed or stuck sagas be tried again, and see that it worked."),
    About(
      command: .compensate, usage: "sagatop compensate SAGA... | --filter EXPR [option...]",
      summary: "Let sagas be undone, and see that it worked."),
    About(
      command: .act, usage: "sagatop act NAME [SAGA...|KEY...|TOPIC/PARTITION/OFFSET...] [option...]",
      summary: "Any action by its name, such as release-lock or redrive."),
    About(
      command: .actions, usage: "sagatop actions [option...]",
      summary: "Print what operators have done, from the audit log."),
    About(
      command: .runs, usage: "sagatop runs [list|show ID|pause ID|resume ID|stop ID] [option...]",
      summary: "The plans that were run: pause, stop, or do the rest of one."),
    About(
      command: .record, usage: "sagatop record FILE [option...]",
      summary: "Write all that is observed to a file, until it is interrupted."),
    About(
      command: .ready, usage: "sagatop ready [option...]",
      summary: "Say whether it is safe to deploy, and why not."),
    About(
      command: .replay, usage: "sagatop replay FILE... [option...]",
      summary: "Show a recording on the live screen, as fast as one likes."),
    About(
      command: .aggregate, usage: "sagatop aggregate --group NAME --topic NAME [option...]",
      summary: "Share the reading between instances: publish the state of sagas."),
    About(
      command: .doctor, usage: "sagatop doctor [option...]",
      summary: "Check configuration, sources, permissions and the preset."),
    About(
      command: .config, usage: "sagatop config check|show [option...]",
      summary: "Check the configuration, or print what is in force and why."),
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
      lines += ["exit codes: 0 fine, 1 warning, 2 critical, 3 unknown or not read in time,"]
      lines += ["64 usage, 66 no such saga, 74 the output could not be written,"]
      lines += ["78 configuration, 130 and 143 on signals"]
    }
    if about.command == .doctor {
      lines += ["", "exit codes: 0 all well, 1 warnings, 2 something failed, 64 usage,"]
      lines += ["78 configuration"]
    }
    if about.command == .initialize {
      lines += ["", "exit codes: 0 found, 1 found but not sure of some part, 2 nothing found,"]
      lines += ["3 a source could not be read in time, 64 usage,"]
      lines += ["74 the output could not be written, 78 configuration"]
    }
    if about.command == .why || about.command == .report {
      lines += ["", "exit codes: 0 answered, 3 a source could not be read in time, 64 usage,"]
      lines += ["66 no such saga, 74 the output could not be written, 78 configuration"]
    }
    if about.command == .ready {
      lines += ["", "exit codes: 0 safe, 1 and 2 not safe (2: something is critical),"]
      lines += ["3 not known, 64 usage, 74 the output could not be written, 78 configuration"]
    }
    if about.command == .record {
      lines += ["", "exit codes: 0 the recording is whole, 64 usage, 74 it could not be written on,"]
      lines += ["78 configuration"]
    }
    if about.command == .aggregate {
      lines += ["", "exit codes: 0 ended by a signal, 64 usage, 74 it cannot go on, 78 configuration"]
    }
    if [.retry, .compensate, .act, .runs].contains(about.command) {
      lines += ["", "exit codes: 0 observed, 1 not observed in time, 2 refused or left out,"]
      lines += ["3 unknown or only planned, 4 failed again, 64 usage,"]
      lines += ["74 no audit log can be written, 77 read-only or not configured, 78 configuration"]
    }
    if about.command == .config {
      lines += ["", "exit codes: 0 all well, 1 warnings, 64 usage, 78 configuration"]
    }
    let examples = HelpExamples.of(about.command)
    if !examples.isEmpty { lines += ["", "examples:"] + examples.map { "  \($0)" } }
    if about.command == .live {
      lines += ["", "Without options: $SAGATOP_CONFIG, ~/.config/sagatop/config.yaml or"]
      lines += ["/etc/sagatop/config.yaml."]
      lines += ["Press ? on the screen for its keys."]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
