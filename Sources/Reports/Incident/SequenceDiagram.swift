import Core
import TUI

/// A Mermaid sequence diagram of a saga. Each event is an arrow from its publisher to the publisher of the next event.
struct SequenceDiagram {
  private static let mostEvents = 60
  private static let longestLabel = 120

  private let saga: SagaView
  private let actors: [String]

  init(_ saga: SagaView) {
    self.saga = saga
    var actors: [String] = []
    for step in saga.row.steps where !actors.contains(step.service ?? step.name) {
      actors.append(step.service ?? step.name)
    }
    self.actors = actors
  }

  var lines: [String] {
    let events = Array(saga.events.filter { !$0.meaning.isEmpty }.prefix(Self.mostEvents))
    guard !events.isEmpty, !actors.isEmpty else { return [] }
    var lines = ["sequenceDiagram", "  autonumber"]
    lines += actors.enumerated().map { "  participant p\($0) as \(Self.label($1))" }
    for (place, event) in events.enumerated() {
      let (from, to) = (actor(of: event), place + 1 < events.count ? actor(of: events[place + 1]) : actor(of: event))
      let arrow = Self.words(of: event).contains("fails") ? "-x" : "->>"
      lines.append("  p\(from)\(arrow)p\(to): \(Self.label(event.type))")
      if let error = event.error, arrow == "-x" { lines.append("  Note over p\(from): \(Self.label(error))") }
    }
    lines.append("  Note over \(span): \(Self.label(saga.row.status.name))")
    return lines
  }

  private var span: String { actors.count > 1 ? "p0,p\(actors.count - 1)" : "p0" }

  /// The service of the step that the event speaks of; the first where it speaks of none.
  private func actor(of event: EventRow) -> Int {
    let words = Self.words(of: event)
    guard let step = saga.row.steps.first(where: { words.contains($0.name) }) else { return 0 }
    return actors.firstIndex(of: step.service ?? step.name) ?? 0
  }

  private static func words(of event: EventRow) -> Set<String> {
    Set(event.meaning.split { $0 == " " || $0 == "," }.map(String.init))
  }

  /// Mermaid ends a statement at `;`, takes `#` for an entity, `$$` for mathematics, and the word `end` for the end of a block.
  private static func label(_ text: String) -> String {
    let clean = Sanitizer.sanitized(text.prefix(longestLabel)).filter { !"#;<>{}\"`%".contains($0) }
      .replacing(":", with: " -").replacing("$$", with: "$ $")
    let words = clean.split(separator: " ").map { $0.lowercased() == "end" ? "(\($0))" : String($0) }
    return words.isEmpty ? "-" : words.joined(separator: " ")
  }
}
