import Core
import Text

/// The summary above the list of compensations: backlog, rates in and out, and the most common properties.
struct CompensationsSummary {
  let read: CompensationList
  let list: ListState<CompensationView, CompensationOrder>
  let columns: Int
  let glyphs: Glyphs
  private var sums: CompensationSums { read.sums }
  private var items: SumLine { SumLine(columns: columns) }

  static func height(body: Int, columns: Int) -> Int {
    switch body {
    case ..<8: 1
    case ..<14: 2
    case ..<20: 5
    default: columns < 150 ? 6 : 5
    }
  }

  /// With few lines, only the most important ones are shown.
  func lines(height: Int) -> [StyledLine] {
    switch height {
    case ..<2: [backlog]
    case 2: [backlog, showing]
    case ..<6: [backlog, flow, concentrations(0), causes, showing]
    default: [backlog, flow, concentrations(0), concentrations(1), causes, showing]
    }
  }

  /// "backlog 4   ↺ compensating 3   ▲ stuck 1   ✖ failed 1   ↩ compensated 230   mean 410 ms   p95 812 ms".
  private var backlog: StyledLine {
    items.items([
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

  /// Started and completed compensations of the same five minutes, with the same scale.
  private var flow: StyledLine {
    let width = max(0, min(60, (columns - 44) / 2))
    let top = (sums.startHistory + sums.doneHistory).compactMap { $0 }.max() ?? 0
    var line = StyledLine(" started ", .dim)
    line.add(bars(sums.startHistory, width, top), .chart)
    line.add(" \(Quantity.rate(sums.startRate))")
    line.add("   done ", .dim)
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

  /// "most  error stock short 82.1 %   step inventory 82.1 %   node node-2 35.0 %". Line 1 continues where line 0 was full.
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

  /// "caused by  order/inventory 2.0/s (120)   order/payment 0.1/s (4)".
  private var causes: StyledLine {
    let shown = sums.causes.map { cause in
      var line = StyledLine("\(cause.type)/\(cause.step ?? "(no step)")")
      line.add(" \(Quantity.rate(cause.rate)) ")
      line.add("(\(Quantity.count(cause.count)))", .dim)
      return line
    }
    return items.items([StyledLine("caused by", .dim)] + shown)
  }

  private var showing: StyledLine {
    var line = items.items([SumLine.range(list.places, of: list.matching, by: list.orderText)])
    if read.examined < read.total {
      line.add(" (first \(Quantity.grouped(read.examined)) of \(Quantity.grouped(read.total)) examined)", .warning)
    }
    return line
  }
}
