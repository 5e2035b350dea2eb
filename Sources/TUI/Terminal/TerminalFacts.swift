import CNcurses
import CSystem
import Glibc

/// Capabilities of the program's terminal, determined without writing to it.
package struct TerminalFacts: Sendable {
  package enum Kind: Sendable {
    /// Standard input or output is not a terminal.
    case none
    /// terminfo has no entry for its name.
    case unknown
    case dumb
    case full
  }

  package var name: String
  package var kind: Kind
  /// Number of colours; 0 if it has none.
  package var colors: Int
  package var isUTF8: Bool
  package var size: Size?

  package init() {
    setlocale(LC_ALL, "")
    name = getenv("TERM").map { String(cString: $0) } ?? ""
    isUTF8 = TerminalScreen.isUTF8
    colors = max(0, Int(sg_screen_palette(nil, STDOUT_FILENO)))
    if isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 {
      kind = .none
    } else {
      switch sg_screen_check(nil, STDOUT_FILENO) {
      case Int32(SG_SCREEN_OPEN): kind = .full
      case Int32(SG_SCREEN_UNKNOWN_TERMINAL): kind = .unknown
      default: kind = .dumb
      }
    }
    var (columns, rows): (Int32, Int32) = (0, 0)
    if sg_window_size(STDOUT_FILENO, &columns, &rows) == 0, columns > 0, rows > 0 {
      size = Size(columns: Int(columns), rows: Int(rows))
    }
  }

  package static var libraryVersion: String { String(cString: sg_screen_library()) }
}
