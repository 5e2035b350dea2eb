/// Completion scripts for shells, made from the table of options.
enum CompletionScript {
  enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish
  }

  static func text(_ shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  private static let commands = Invocation.Command.words.map(\.rawValue)
  private static var options: [Option] { Options.all }

  private static var bash: String {
    """
    _sagatop() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
      case $before in
        \(options.filter { $0.value == "FILE" }.map { "--\($0.long)" }.joined(separator: "|"))|-c)
          COMPREPLY=($(compgen -f -- "$word")); return ;;
      esac
      COMPREPLY=($(compgen -W '\((commands + options.map { "--\($0.long)" }).joined(separator: " "))' -- "$word"))
    }
    complete -F _sagatop sagatop

    """
  }

  private static var zsh: String {
    let lines = options.map { option in
      "  '--\(option.long)[\(quoted(option.help))]\(option.value.map { ":\($0):\($0 == "FILE" ? "_files" : "")" } ?? "")'"
    }
    return """
      #compdef sagatop
      _arguments \\
      \(lines.joined(separator: " \\\n")) \\
        '1:command:(\(commands.joined(separator: " ")))'

      """
  }

  private static var fish: String {
    let words = commands.map { "complete -c sagatop -n __fish_use_subcommand -a \($0)" }
    let flags = options.map { option in
      "complete -c sagatop -l \(option.long)\(option.short.map { " -s \($0)" } ?? "")"
        + "\(option.value == nil ? "" : " -r") -d '\(quoted(option.help))'"
    }
    return (words + flags).joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    text.filter { $0 != "'" && $0 != "[" && $0 != "]" && $0 != ":" }
  }
}
