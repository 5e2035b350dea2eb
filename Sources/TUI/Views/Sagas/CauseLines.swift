import Core
import Text

/// The diagnosis of a saga as lines: a section of its page, and one line per cause for small areas.
struct CauseLines {
  /// Maximum number of causes on a page, and of lines per sentence.
  private static let mostCauses = 12
  private static let mostParts = 3

  /// One line, and the age of its evidence. The age stays visible if the line is truncated.
  struct Short {
    var line: StyledLine
    var age: StyledLine?
    /// The line belongs to the line above.
    var isIndented = false

    var indented: Short {
      var short = self
      short.isIndented = true
      return short
    }
  }

  let diagnosis: Diagnosis
  let columns: Int
  let glyphs: Glyphs

  /// The section of a page; empty if the saga has no problem.
  var section: [PageLine] {
    guard !diagnosis.causes.isEmpty else { return [] }
    var lines = [PageLine(), PageLine(StyledLine(" why", .heading, .strong))]
    for (place, cause) in diagnosis.causes.prefix(Self.mostCauses).enumerated() { lines += self.lines(cause, place) }
    let isSaid = diagnosis.causes.contains { $0.kind == .nothingFound }
    if !diagnosis.unknown.isEmpty, !isSaid {
      let text = "   not known: \(diagnosis.unknown.joined(separator: "; "))"
      lines += wrapped(StyledLine(text, .dim), indent: 5)
    }
    return lines
  }

  private func lines(_ cause: Cause, _ place: Int) -> [PageLine] {
    var title = StyledLine(" \(place + 1) ", .dim)
    title.add(cause.sentence, Self.role(cause), cause.strength >= 60 ? .strong : [])
    title.add("  \(DiagnosisText.strength(cause))", .dim)
    let parts = title.wrapped(columns: columns, indent: 3, maxLines: Self.mostParts)
    let opens = page(of: cause)
    var lines = parts.enumerated().map { PageLine($1, id: $0 == 0 ? .cause(place) : nil, opens: $0 == 0 ? opens : nil) }
    if !cause.consequences.isEmpty { lines += wrapped(chain(cause), indent: 5) }
    for evidence in cause.evidence + cause.consequences.flatMap(\.evidence) {
      let role: StyleRole = evidence.isStale ? .stale : evidence.weight == .contradicts ? .text : .dim
      lines += wrapped(StyledLine("   \(DiagnosisText.evidence(evidence, now: diagnosis.at))", role), indent: 5)
    }
    if let suggestion = cause.suggestion {
      lines += wrapped(StyledLine("   try: \(suggestion)", .text), indent: 5)
    }
    return lines
  }

  /// "→ inventory-service stands at order-created/2 → it waits for inventory".
  private func chain(_ cause: Cause) -> StyledLine {
    let links = cause.consequences.map(\.effect) + [DiagnosisText.effect(diagnosis)].compactMap(\.self)
    return StyledLine("   " + links.map { "\(glyphs.arrow) \($0)" }.joined(separator: " "), .text)
  }

  /// The page of the cause's subject.
  private func page(of cause: Cause) -> (any Page)? {
    switch cause.subject {
    case .service(let name): ServicePage(name)
    case .group(let name): GroupPage(name)
    case .lock(let key): LockPage(key)
    case .node: nil
    case nil: nil
    }
  }

  private func wrapped(_ line: StyledLine, indent: Int) -> [PageLine] {
    line.wrapped(columns: columns, indent: indent, maxLines: Self.mostParts).map { PageLine($0) }
  }

  /// "1 payment-service is down: connection refused".
  func short(_ place: Int) -> Short {
    let cause = diagnosis.causes[place]
    var line = StyledLine("\(place + 1) ", .dim)
    line.add(cause.sentence, Self.role(cause))
    for effect in cause.consequences { line.add(" \(glyphs.arrow) \(effect.effect)") }
    if let evidence = cause.evidence.first?.text { line.add(": \(evidence)", .dim) }
    return Short(line: line, age: age(of: cause))
  }

  private func age(of cause: Cause) -> StyledLine? {
    cause.age(at: diagnosis.at).map { StyledLine("\(Quantity.age($0)) old", cause.isStale ? .stale : .dim) }
  }

  private static func role(_ cause: Cause) -> StyleRole {
    switch cause.strength {
    case 85...: .critical
    case 60..<85: .warning
    case 25..<60: .text
    default: .dim
    }
  }
}
