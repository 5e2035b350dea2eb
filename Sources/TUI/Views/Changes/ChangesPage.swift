import Core
import Text

/// Recent changes of deployments, services, circuits, groups, locks and sources, the newest first, and the sagas of the same time.
package struct ChangesPage: Page {
  package static let usual = Duration.seconds(300)

  package var document = Document()
  private let span: Duration
  private var changes: [Change] = []

  package init(_ span: Duration = usual) { self.span = span }

  package var name: PageName { PageName(word: "changes", text: Quantity.age(span)) }
  package var copied: String { changes.first?.sentence ?? "no change" }

  package mutating func read(_ request: ReadRequest) {
    changes = request.source.changes(since: request.now - span)
  }

  package func lines(_ context: DrawContext) -> [PageLine] {
    var title = StyledLine(" what changed in the last \(Quantity.age(span))", .heading, .strong)
    title.add("  :since 30m shows more", .dim)
    let found = changes.enumerated().flatMap { line($1, $0, context) }
    let none = [
      PageLine(StyledLine(" no change of a version, service, group, lock or source", .dim), id: .note(0))
    ]
    return [PageLine(title, id: .title), PageLine(sagas(context)), PageLine()] + (found.isEmpty ? none : found)
  }

  /// "sagas: 480 ended in the last 5m, 12 of them failed; 74 are stuck since 14:03".
  private func sagas(_ context: DrawContext) -> StyledLine {
    let total = context.status.overview.total
    var line = StyledLine(" sagas  ", .dim)
    line.add("\(Quantity.grouped(total.recentEnds)) ended in the last 5m", .text)
    let bad = total.recentEnds - total.recentCompletions
    if bad > 0 { line.add(", \(Quantity.grouped(bad)) of them did not complete", .warning) }
    if total.counts.stuck > 0 {
      line.add("; \(Quantity.grouped(total.counts.stuck)) stuck", .stuck, .strong)
      if let since = context.status.overview.stuckSince {
        line.add(" since \(Quantity.clock(since, offset: context.localOffset))", .dim)
      }
    }
    return line
  }

  private func line(_ change: Change, _ place: Int, _ context: DrawContext) -> [PageLine] {
    let age = Quantity.age(max(.zero, context.now - change.time))
    var line = StyledLine(" \(Quantity.clock(change.time, offset: context.localOffset))  ", .dim)
    line.add(String(repeating: " ", count: max(0, 5 - age.count)) + "\(age)  ", .dim)
    let glyph: (Unicode.Scalar, StyleRole) =
      switch change.isWorse {
      case true?: (context.glyphs.stuck, .warning)
      case false?: (context.glyphs.completed, .ok)
      case nil: (context.glyphs.mark, .accent)
      }
    line.add("\(glyph.0) ", glyph.1)
    line.add(change.kind.rawValue.padded(to: 11), .dim)
    line.add(change.sentence, change.isWorse == true ? .text : glyph.1, change.kind == .deployment ? .strong : [])
    return line.pageLines(columns: context.columns, indent: 20, maxLines: 3, id: .note(place), parent: nil)
  }
}
