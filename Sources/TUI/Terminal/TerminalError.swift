/// Why the terminal cannot show a screen, and what to do instead.
package struct TerminalError: Error, Equatable {
  package var message: String
}
