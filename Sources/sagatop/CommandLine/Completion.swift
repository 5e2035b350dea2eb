import Clients
import Collectors
import Configuration
import Core
import Glibc
import Reports
import TUI
import Text

/// Prints the possible words at the cursor for shell completion: one line per word, followed by a tab and its description. Prints nothing
/// if no words are known.
struct Completion {
  /// Exit status that requests completion of file names.
  static let files: Int32 = 10

  typealias Candidate = (word: String, meaning: String)

  /// `words` are the arguments up to the cursor. The last one is the word being typed and may be empty.
  static func run(_ words: [String]) -> Int32 {
    guard let candidates = Completion(words).candidates() else { return files }
    let current = words.last ?? ""
    var text = ""
    for (word, meaning) in candidates where word.hasPrefix(current) && isSafe(word) {
      text += meaning.isEmpty ? "\(word)\n" : "\(word)\t\(Sanitizer.sanitized(meaning))\n"
    }
    Output.write(text, to: STDOUT_FILENO)
    // Sources may still be connecting; exit without waiting for them.
    _exit(ExitCode.fine)
  }

  /// Whether the word is safe in a shell: names are external input and would be pasted into a command.
  private static func isSafe(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.count <= 200
      && word.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil
            || "-_.:/@%+,=[]*".unicodeScalars.contains($0))
      }
  }

  private var invocation = Invocation()
  private var hasCommand = false
  private var positionals: [String] = []
  /// The option for which a value is being typed.
  private var pending: Option?
  private let current: String

  private init(_ words: [String]) {
    current = words.last ?? ""
    for word in words.dropLast() { take(word) }
  }

  private mutating func take(_ word: String) {
    if let option = pending {
      pending = nil
      try? option.apply(&invocation, word)
    } else if word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let option = Options.all.first(where: { $0.long == parts.first.map(String.init) }) else { return }
      if option.value == nil { return }
      if parts.count == 2 { try? option.apply(&invocation, String(parts[1])) } else { pending = option }
    } else if word.hasPrefix("-"), word.count == 2 {
      pending = Options.all.first { $0.short == word.last && $0.value != nil }
    } else if !hasCommand, let command = Invocation.Command.words.first(where: { $0.rawValue == word }) {
      invocation.command = command
      hasCommand = true
    } else {
      positionals.append(word)
    }
  }

  /// `nil` requests file names.
  private func candidates() -> [Candidate]? {
    if let pending { return values(of: pending, current, lead: "") }
    if current.hasPrefix("--"), let equals = current.firstIndex(of: "=") {
      let name = current[..<equals].dropFirst(2)
      guard let option = Options.all.first(where: { $0.long == name }) else { return [] }
      let typed = String(current[current.index(after: equals)...])
      return values(of: option, typed, lead: "--\(name)=")
    }
    if current.hasPrefix("-") {
      return Options.all.filter { $0.commands.contains(invocation.command) }.map { ("--\($0.long)", $0.help) }
    }
    guard hasCommand else { return Invocation.Command.words.map { ($0.rawValue, HelpText.summary(of: $0)) } }
    return words()
  }

  private func words() -> [Candidate]? {
    switch invocation.command {
    case .completion: plain(CompletionScript.Shell.allCases.map(\.rawValue))
    case .config: plain(ConfigCommand.words)
    case .help: Invocation.Command.words.map { ($0.rawValue, HelpText.summary(of: $0)) }
    case .runs: positionals.isEmpty ? plain(["list", "show", "pause", "resume", "stop"]) : []
    case .act where positionals.isEmpty: plain(ActionName.allCases.map(\.rawValue))
    case .act:
      ActionName(rawValue: positionals[0])?.scope == .saga ? LiveCandidates(invocation.overrides).sagas : []
    case .why, .report, .retry, .compensate: LiveCandidates(invocation.overrides).sagas
    case .record, .replay: nil
    default: []
    }
  }

  private func plain(_ words: [String]) -> [Candidate] { words.map { ($0, "") } }

  /// `nil` requests file names. `lead` is the prefix of each candidate.
  private func values(of option: Option, _ typed: String, lead: String) -> [Candidate]? {
    if option.value == "FILE" { return nil }
    if option.long == "preset" || option.long == "theme", TextFile.isPath(typed) { return nil }
    guard option.value != "LIST" else {
      let head = typed.lastIndex(of: ",").map { typed[...$0] } ?? ""
      let used = Set(head.split(separator: ",").map(String.init))
      return single(option).filter { !used.contains($0.word) }.map { (lead + head + $0.word, $0.meaning) }
    }
    return single(option, typed).map { (lead + $0.word, $0.meaning) }
  }

  private func single(_ option: Option, _ typed: String = "") -> [Candidate] {
    switch option.long {
    case "preset": plain(Presets.names + [Presets.none])
    case "theme": plain(ThemeFile.names)
    case "context": plain(LiveCandidates(invocation.overrides).contexts)
    case "view": plain(Views.words)
    case "output": plain(invocation.command.formats.map(\.rawValue))
    case "sections": plain(SnapshotSection.allCases.map(\.rawValue))
    case "require": plain(SourceKind.allCases.map(\.rawValue))
    case "tables": plain(SnapshotTable.kinds.map(\.name))
    case "columns": plain(columns)
    case "sort": plain(columns.flatMap { [$0, "-" + $0] })
    case "check": checks(typed)
    case "until": plain(Measure.Kind.allCases.map { "\($0.rawValue)==" })
    case "saga", "subject": LiveCandidates(invocation.overrides).sagas
    case "filter": filters(typed)
    case "since": plain(["15m", "1h", "24h", "all"])
    default: []
    }
  }

  /// The columns of the selected tables, or of all tables.
  private var columns: [String] {
    let chosen = invocation.tables.tables
    let kinds = SnapshotTable.kinds.filter { chosen.isEmpty || chosen.contains($0.name) }
    return kinds.flatMap(\.columns).map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func checks(_ typed: String) -> [Candidate] {
    if let bracket = typed.firstRange(of: "[group=") {
      return LiveCandidates(invocation.overrides).groups.map { ("\(typed[..<bracket.upperBound])\($0)]", "") }
    }
    let measures = Measure.Kind.allCases.map(\.rawValue)
    return plain(LiveCandidates(invocation.overrides).checks) + plain(measures + ["lag[group="])
  }

  private func filters(_ typed: String) -> [Candidate] {
    if typed.hasPrefix("group:") { return LiveCandidates(invocation.overrides).groups.map { ("group:\($0)", "") } }
    if typed.hasPrefix("status:") {
      return SagaStatus.allCases.map { ("status:\($0.name)", "") } + [("status:stuck", "")]
    }
    return plain(["status:", "type:", "step:", "group:", "topic:", "service:", "node:"])
  }
}

/// Candidates from the configuration and the running system. Empty if the system does not respond in time.
struct LiveCandidates {
  /// A part of the 200 ms allowed for a completion.
  private static let patience = Duration.milliseconds(130)
  private static let most = 200

  private let settings: Settings?

  init(_ overrides: Overrides) {
    settings = try? SettingsResolver(overrides: overrides, environment: Environment.all).resolve()
  }

  var contexts: [String] { settings?.contexts ?? [] }
  var checks: [String] { settings?.checks.map(\.name) ?? [] }

  /// The latest sagas with their types and states.
  var sagas: [Completion.Candidate] {
    guard var settings, settings.origin == .configuration, !settings.kafka.brokers.isEmpty else { return [] }
    // A completion must not start programs or request documents.
    (settings.system.commands, settings.system.documents) = ([], [])
    if settings.since.duration == nil { settings.since = .last(.seconds(3600)) }
    let store = read(settings, SourceKind.eventSources)
    let rows = store?.sagas(SagaQuery(limit: Self.most), now: SystemClock.now()).rows ?? []
    return rows.map { ($0.id, "\($0.type) \($0.status.name)") }
  }

  var groups: [String] {
    guard let settings, !settings.kafka.brokers.isEmpty else { return [] }
    let store = read(settings, [.lag])
    return store?.groups(GroupQuery(limit: Self.most), now: SystemClock.now()).rows.map(\.name) ?? []
  }

  private func read(_ settings: Settings, _ kinds: Set<SourceKind>) -> Store? {
    guard let wakeup = WakeUp(),
      let monitor = try? Monitor(settings, reads: kinds, onChange: { wakeup.ring() })
    else { return nil }
    monitor.start()
    let end = ContinuousClock.now + Self.patience
    while ContinuousClock.now < end, !monitor.store.isComplete { wakeup.wait(atMost: end - ContinuousClock.now) }
    return monitor.store
  }
}
