import Core
import TUI
import Text

/// A saga's timeline as SVG: a bar for each attempt at a step and each compensation, and the causes.
package enum IncidentSVG {
  private static let (width, left, right, top, row) = (960, 190, 190, 92, 30)
  private static let mostSpans = 60

  package static func text(_ saga: SagaView, _ diagnosis: Diagnosis) -> String {
    let spans = Array(SagaSpan.all(of: saga, now: diagnosis.at).prefix(mostSpans))
    let end = max(spans.map(\.end).max() ?? diagnosis.at, saga.row.startedAt + .milliseconds(1))
    let axis = TimeAxis(start: saga.row.startedAt, end: end, columns: width - left - right)
    let causes = diagnosis.causes.prefix(3).enumerated().map { cut("\($0 + 1). \($1.sentence)", 118) }
    let bottom = spans.reduce(top) { $0 + height(of: $1) }
    var svg = SVGDocument(width: width, height: bottom + 40 + causes.count * 22)
    svg.text(cut(DiagnosisText.headline(diagnosis), 84), x: 20, y: 34, size: 18, isBold: true)
    let times = "\(saga.row.startedAt.iso8601) to \(saga.row.endedAt?.iso8601 ?? "now")"
    svg.text(times, x: 20, y: 56, size: 12, color: SVGDocument.dim)
    drawAxis(axis, &svg, bottom: bottom)
    var y = top
    for span in spans {
      draw(span, y: y, axis, &svg)
      y += height(of: span)
    }
    for (place, cause) in causes.enumerated() {
      let color = place == 0 ? SVGDocument.bad : SVGDocument.ink
      svg.text(cause, x: 20, y: bottom + 36 + place * 22, size: 13, color: color)
    }
    return svg.text
  }

  /// A longer text would exceed the image or overlap a bar.
  private static func cut(_ text: String, _ columns: Int) -> String {
    Truncation.middle(Sanitizer.sanitized(text), columns: columns, ellipsis: "…")
  }

  /// An error is drawn on a separate line below its bar.
  private static func height(of span: SagaSpan) -> Int { span.error == nil ? row : row + 18 }

  private static func drawAxis(_ axis: TimeAxis, _ svg: inout SVGDocument, bottom: Int) {
    for tick in axis.ticks(spacing: 110) {
      let x = left + tick.column
      svg.line(x: x, from: top - 8, to: bottom, color: SVGDocument.grid)
      svg.text(
        tick.offset == .zero ? "0" : Quantity.latency(tick.offset), x: x, y: top - 14, size: 11, color: SVGDocument.dim)
    }
  }

  private static func draw(_ span: SagaSpan, y: Int, _ axis: TimeAxis, _ svg: inout SVGDocument) {
    let first = left + axis.column(of: span.start)
    let last = max(first + 3, left + axis.column(of: span.end))
    svg.text(cut(span.name, 22), x: 20, y: y + 17, size: 13)
    svg.bar(x: first, y: y + 5, width: last - first, height: 16, color: color(span.outcome))
    let note = [span.duration.map(Quantity.latency) ?? "-", span.node].compactMap { $0 }.joined(separator: "   ")
    svg.text(
      cut(note, 25), x: width - right + 12, y: y + 17, size: 12,
      color: SVGDocument.dim)
    guard let error = span.error else { return }
    svg.text(
      cut(error, 100), x: left, y: y + 36, size: 12, color: SVGDocument.bad)
  }

  static func color(_ outcome: SagaSpan.Outcome) -> String {
    switch outcome {
    case .done: "#2e8b57"
    case .failed, .notUndone: SVGDocument.bad
    case .running: "#3b6fb6"
    case .undone: "#c98a1b"
    case .asked: "#7d4bb5"
    }
  }
}

/// Builds an SVG image: bars, lines and text on white, suitable for screen and print.
struct SVGDocument {
  static let (ink, dim, grid, bad) = ("#1f2328", "#656d76", "#d8dee4", "#c0392b")

  private var parts: [String]

  init(width: Int, height: Int) {
    parts = [
      #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(height)" viewBox="0 0 \#(width) \#(height)" "#
        + #"font-family="system-ui, 'DejaVu Sans', sans-serif">"#,
      ##"<rect width="100%" height="100%" fill="#ffffff"/>"##,
    ]
  }

  var text: String { parts.joined(separator: "\n") + "\n</svg>\n" }

  mutating func text(_ text: String, x: Int, y: Int, size: Int, color: String = ink, isBold: Bool = false) {
    let weight = isBold ? #" font-weight="600""# : ""
    let content = Sanitizer.sanitized(text).escapedXML
    parts.append(
      #"<text x="\#(x)" y="\#(y)" font-size="\#(size)" fill="\#(color)"\#(weight)>\#(content)</text>"#)
  }

  mutating func bar(x: Int, y: Int, width: Int, height: Int, color: String) {
    parts.append(#"<rect x="\#(x)" y="\#(y)" width="\#(width)" height="\#(height)" rx="2" fill="\#(color)"/>"#)
  }

  /// A vertical line.
  mutating func line(x: Int, from: Int, to: Int, color: String) {
    parts.append(#"<line x1="\#(x)" y1="\#(from)" x2="\#(x)" y2="\#(to)" stroke="\#(color)"/>"#)
  }
}
