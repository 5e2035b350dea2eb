import Core
import Text

/// The lines over the list of roll-backs: what waits, how much flows in and out, and what most have in common; over the list of failure
/// patterns how much they cover.
struct CompensationSumLines {
  let content: Content
  let state: CompensationListState
  let columns: Int
  let glyphs: Glyphs
  private var list: CompensationList { content.compensations }
  private var sums: CompensationSums { list.sums }
  private var items: ItemsLine { ItemsLine(columns: columns) }

  static func height(_ state: CompensationListState, body: Int, columns: Int) -> Int {
    if state.showsPatterns { return 1 }
    switch body {
    case ..<8: return 1
    case ..<14: return 2
    case ..<20: return 5
    default: return columns < 150 ? 6 : 5
    }
  }

  /// What matters most survives when there are few.
  func lines(height: Int) -> [StyledLine] {
    if state.showsPatterns { return [patterns] }
    switch height {
    case ..<2: return [backlog]
    case 2: return [backlog, showing]
    case ..<6: return [backlog, flow, concentrations(0), causes, showing]
    default: return [backlog, flow, concentrations(0), concentrations(1), causes, showing]
    }
  }

  /// "backlog 4   ↺ compensating 3   ▲ stuck 1   ✖ failed 1   ↩ compensated 230   mean 410 ms   p95 812 ms".
  private var backlog: StyledLine {
    items.line([
      StyledLine("backlog \(Quantity.count(sums.backlog))", sums.backlog > 0 ? .compensating : .dim, .strong),
      count(glyphs.failed, "failed", sums.failed, .failed), count(glyphs.stuck, "stuck", sums.stuck, .stuck),
      count(glyphs.compensating, "compensating", sums.compensating, .compensating),
      count(glyphs.compensated, "compensated", sums.compensated, .compensated),
      fact("mean", Quantity.latency(sums.mean)), fact("p95", Quantity.latency(sums.p95)),
    ])
  }

  private func count(_ glyph: Unicode.Scalar, _ word: String, _ number: Int, _ role: StyleRole) -> StyledLine {
    let isAlarm = number > 0 && (role == .failed || role == .stuck)
    return StyledLine(
      "\(glyph) \(word) \(Quantity.count(number))", number > 0 ? role : .dim, isAlarm ? .strong : [])
  }

  private func fact(_ name: String, _ value: String) -> StyledLine {
    var line = StyledLine("\(name) ", .dim)
    line.add(value, value == Quantity.unknown ? .dim : .text)
    return line
  }

  /// Begun against ended, over the same five minutes and in the same scale.
  private var flow: StyledLine {
    let width = max(0, min(60, (columns - 44) / 2))
    let top = (sums.startHistory + sums.doneHistory).compactMap { $0 }.max() ?? 0
    var line = StyledLine(" begun ", .dim)
    line.add(bars(sums.startHistory, width, top), .chart)
    line.add(" \(Quantity.rate(sums.startRate))")
    line.add("   undone ", .dim)
    line.add(bars(sums.doneHistory, width, top), .chart)
    line.add(" \(Quantity.rate(sums.doneRate))")
    line.add("   failed ", .dim)
    line.add(Quantity.rate(sums.failRate), (sums.failRate ?? 0) > 0 ? .failed : .dim)
    return line
  }

  private func bars(_ history: [Double?], _ width: Int, _ top: Double) -> String {
    let text = Sparkline.text(history, columns: width, floor: max(1, top), glyphs: glyphs)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// "most  error stock short 82.1 %   step inventory 82.1 %   node node-2 35.0 %": on the second line what did not fit on the first.
  private func concentrations(_ number: Int) -> StyledLine {
    var lines: [StyledLine] = []
    var rest = sums.concentrations[...]
    while lines.count <= number {
      var line = StyledLine(lines.isEmpty ? " most in " : "         ", .dim)
      while let next = rest.first {
        let item = concentration(next)
        guard line.columns + item.columns + 3 <= columns || line.columns < 12 else { break }
        line.add("  ")
        line.add(item)
        rest.removeFirst()
      }
      lines.append(line)
    }
    return sums.concentrations.isEmpty && number == 0 ? StyledLine(" most in  nothing", .dim) : lines[number]
  }

  private func concentration(_ item: CompensationSums.Concentration) -> StyledLine {
    var line = StyledLine("\(item.kind.rawValue) ", .dim)
    let name = Truncation.middle(item.name, columns: 36, ellipsis: glyphs.ellipsis)
    line.add(name, item.kind == .error ? .error : .text)
    line.add(" \(Quantity.share(item.share))", .text, .strong)
    return line
  }

  /// "begun by  order/inventory 2.0/s (120)   order/payment 0.1/s (4)".
  private var causes: StyledLine {
    let shown = sums.causes.map { cause in
      var line = StyledLine("\(cause.type)/\(cause.step ?? "(no step)")")
      line.add(" \(Quantity.rate(cause.rate)) ")
      line.add("(\(Quantity.count(cause.count)))", .dim)
      return line
    }
    return items.line([StyledLine("begun by", .dim)] + shown)
  }

  private var showing: StyledLine {
    var line = items.line([
      ItemsLine.showing(offset: list.offset, shown: list.rows.count, matching: list.matching, by: state.sortedBy)
    ])
    if list.examined < list.total {
      line.add(" (first \(Quantity.grouped(list.examined)) of \(Quantity.grouped(list.total)) examined)", .warning)
    }
    return line
  }

  private var patterns: StyledLine {
    let view = content.failures
    var parts = [
      StyledLine(
        "\(LagText.counted(view.failures, "failure")) in \(LagText.counted(view.total, "pattern"))", .text, .strong)
    ]
    if view.dropped > 0 {
      parts.append(StyledLine("\(Quantity.grouped(view.dropped)) in others that are not kept", .warning))
    }
    parts.append(
      ItemsLine.showing(offset: view.offset, shown: view.rows.count, matching: view.matching, by: state.sortedBy))
    return items.line(parts)
  }
}
