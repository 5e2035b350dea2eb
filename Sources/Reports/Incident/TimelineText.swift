import Core
import TUI
import Text

/// A saga's time as bars of characters, for where no picture can be shown.
enum TimelineText {
  private static let width = 48
  private static let mostSpans = 60

  static func lines(_ saga: SagaView, now: Timestamp) -> [String] {
    let spans = SagaSpan.all(of: saga, now: now).prefix(mostSpans)
    let end = spans.map(\.end).max() ?? now
    let axis = TimeAxis(start: saga.row.startedAt, end: max(end, saga.row.startedAt + .milliseconds(1)), columns: width)
    let names = spans.map { Truncation.middle(Sanitizer.sanitized($0.name), columns: 24, ellipsis: "…") }
    let widest = names.map { TextWidth.columns(of: $0) }.max() ?? 0
    return zip(spans, names).map { span, name in
      let pad = String(repeating: " ", count: widest - TextWidth.columns(of: name))
      let tail = [span.node, span.error].compactMap { $0 }.map { Sanitizer.sanitized($0) }.joined(separator: "  ")
      let line = "\(name)\(pad)  \(bar(span, axis))  \(right(span.duration.map(Quantity.latency) ?? "-", 8))  \(tail)"
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func bar(_ span: SagaSpan, _ axis: TimeAxis) -> String {
    let first = min(axis.column(of: span.start), width - 1)
    let last = min(max(first, axis.column(of: span.end)), width - 1)
    let (body, cap): (Character, Character) =
      switch span.outcome {
      case .done: ("━", "━")
      case .failed: ("━", "✖")
      case .running: ("╍", "▶")
      case .undone: ("┅", "↩")
      case .notUndone: ("┅", "✖")
      case .asked: ("─", "◆")
      }
    return String(repeating: " ", count: first) + String(repeating: body, count: last - first) + String(cap)
      + String(repeating: " ", count: width - 1 - last)
  }

  private static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }
}
