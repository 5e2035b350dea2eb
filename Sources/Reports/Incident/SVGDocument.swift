import TUI

/// A picture in the making: bars, lines and text on white, that prints as well as it shows.
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
    parts.append(
      #"<text x="\#(x)" y="\#(y)" font-size="\#(size)" fill="\#(color)"\#(weight)>\#(Self.escaped(text))</text>"#)
  }

  mutating func bar(x: Int, y: Int, width: Int, height: Int, color: String) {
    parts.append(#"<rect x="\#(x)" y="\#(y)" width="\#(width)" height="\#(height)" rx="2" fill="\#(color)"/>"#)
  }

  /// From top to bottom.
  mutating func line(x: Int, from: Int, to: Int, color: String) {
    parts.append(#"<line x1="\#(x)" y1="\#(from)" x2="\#(x)" y2="\#(to)" stroke="\#(color)"/>"#)
  }

  private static func escaped(_ text: String) -> String {
    Sanitizer.sanitized(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
