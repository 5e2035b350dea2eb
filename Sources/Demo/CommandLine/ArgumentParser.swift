/// What to do according to the command line.
enum Invocation: Equatable {
  case run(Arguments)
  case help
  case version
}

/// Parses the command line: `--name value`, `--name=value`, and the command after `--`.
struct ArgumentParser {
  static let options = [
    "--broker", "--fault", "--help", "--http-port", "--lead", "--ledger", "--log", "--nodes", "--orders", "--rate",
    "--redis-port", "--scenario", "--seed", "--style", "--version",
  ]

  private var rest: ArraySlice<String>
  private var result = Arguments()

  private init(_ words: [String]) {
    rest = words[...]
  }

  /// Parses the words after the program name.
  static func parse(_ words: [String]) throws(UsageError) -> Invocation {
    var parser = ArgumentParser(words)
    return try parser.run()
  }

  private mutating func run() throws(UsageError) -> Invocation {
    var faults: [String] = []
    while let word = rest.popFirst() {
      if word == "--" {
        guard !rest.isEmpty else { throw UsageError("-- is not followed by a command") }
        result.command = Array(rest)
        break
      }
      switch word {
      case "-h", "--help": return .help
      case "-V", "--version": return .version
      default: break
      }
      let (name, value) = try split(word)
      if name == "--fault" { faults.append(value) } else { try set(name, to: value) }
    }
    result.faults = try FaultSchedule(parsing: faults)
    try holdTogether()
    return .run(result)
  }

  /// Rejects options that the style does not support.
  private func holdTogether() throws(UsageError) {
    let style = result.style
    if let fault = result.faults.entries.map(\.fault).first(where: { !style.faults.contains($0) }) {
      throw UsageError("the \(style.rawValue) has no fault '\(fault.rawValue)'")
    }
    if let scenario = result.scenario, style != .shop {
      throw UsageError("the \(style.rawValue) has no scenario '\(scenario.rawValue)'")
    }
  }

  private mutating func split(_ word: String) throws(UsageError) -> (name: String, value: String) {
    guard word.hasPrefix("-") else {
      throw UsageError("'\(word)' is not an option; a command goes after --")
    }
    let equals = word.firstIndex(of: "=")
    let name = equals.map { String(word[..<$0]) } ?? word
    guard Self.options.contains(name), name != "--help", name != "--version" else {
      throw .unknown("option", name, known: Self.options)
    }
    if let equals { return (name, String(word[word.index(after: equals)...])) }
    guard let value = rest.popFirst(), value != "--" else { throw UsageError("\(name) needs a value") }
    return (name, value)
  }

  private mutating func set(_ name: String, to value: String) throws(UsageError) {
    switch name {
    case "--rate": result.rate = try decimal(name, value, 0.01...5000)
    case "--seed": result.seed = try seed(value)
    case "--nodes": result.nodes = try integer(name, value, 1...16)
    case "--orders": result.orders = try integer(name, value, 0...Int(Int32.max))
    case "--lead": result.lead = try decimal(name, value, 0...86_400)
    case "--redis-port": result.redisPort = try port(name, value)
    case "--http-port": result.httpPort = try port(name, value)
    case "--broker": result.broker = try BrokerChoice(value)
    case "--ledger": result.ledger = value
    case "--log": result.log = value
    case "--scenario":
      guard let scenario = Scenario(rawValue: value) else {
        throw .unknown("scenario", value, known: Scenario.allCases.map(\.rawValue))
      }
      result.scenario = scenario
    default:
      guard let style = Style(rawValue: value) else {
        let styles = Style.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("unknown style '\(value)'; the styles are: \(styles)")
      }
      result.style = style
    }
  }

  private func integer(_ name: String, _ value: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int {
    guard let number = Int(value), range.contains(number) else {
      throw UsageError("\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'")
    }
    return number
  }

  private func decimal(_ name: String, _ value: String, _ range: ClosedRange<Double>) throws(UsageError) -> Double {
    guard let number = Double(value), range.contains(number) else {
      throw UsageError("\(name) takes a number from \(range.lowerBound) to \(range.upperBound), not '\(value)'")
    }
    return number
  }

  private func seed(_ value: String) throws(UsageError) -> UInt64 {
    guard let number = UInt64(value) else { throw UsageError("--seed takes a whole number, not '\(value)'") }
    return number
  }

  private func port(_ name: String, _ value: String) throws(UsageError) -> UInt16 {
    guard let number = UInt16(value), number > 0 else {
      throw UsageError("\(name) takes a port from 1 to 65535, not '\(value)'")
    }
    return number
  }
}

/// Finds the known word closest to a mistyped one.
enum NearestWord {
  /// The candidate with the smallest edit distance to `word`; `nil` if none is close enough.
  static func to(_ word: String, among candidates: [String]) -> String? {
    let nearest = candidates.map { (word: $0, distance: distance(word, $0)) }
      .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
    guard let nearest, nearest.distance <= max(2, word.count / 2) else { return nil }
    return nearest.word
  }

  /// Levenshtein distance: the number of insertions, deletions and substitutions that turn one word into the other.
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let substitution = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}

/// An invalid command line. The program prints the message and exits with status 64.
struct UsageError: Error, Equatable {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  /// Error for an unknown word of a kind, with a suggestion.
  static func unknown(_ kind: String, _ word: String, known: [String]) -> UsageError {
    guard let nearest = NearestWord.to(word, among: known) else {
      return UsageError("unknown \(kind) '\(word)' (known: \(known.joined(separator: ", ")))")
    }
    return UsageError("unknown \(kind) '\(word)'; did you mean '\(nearest)'?")
  }
}
