import Core
import Text

/// Lines with links from a saga's page to its parent and its parts.
struct FamilyLines {
  /// Maximum number of listed parts; the others are only counted.
  private static let mostChildren = 12

  let saga: SagaView
  let glyphs: Glyphs

  var lines: [PageLine] { parent + children }

  private var parent: [PageLine] {
    guard let id = saga.row.parent else { return [] }
    if let row = saga.parent { return [line("part of", row)] }
    var line = StyledLine(" part of ", .dim)
    line.add(id)
    line.add(", which is not known here", .dim)
    return [PageLine(line)]
  }

  private var children: [PageLine] {
    let shown = saga.children.prefix(Self.mostChildren)
    var lines = shown.map { line("its part", $0) }
    let more = saga.childCount - shown.count
    if more > 0 { lines.append(PageLine(StyledLine(" and \(Quantity.grouped(more)) more parts", .dim))) }
    return lines
  }

  private func line(_ word: String, _ row: SagaRow) -> PageLine {
    let look = SagaStyle(glyphs: glyphs)
    var line = StyledLine(" \(word) ", .dim)
    line.add("\(look.status(row)) ", look.role(row))
    line.add("\(row.type) ", .dim)
    line.add(row.id, .accent)
    if let step = row.step { line.add(", \(step)", .dim) }
    return PageLine(line, id: .relative(row.handle), opens: SagaPage(row.handle, id: row.id))
  }
}
