/// Something that is watched. It hands what it observes to its sink, on a thread of its own.
package protocol Source: Sendable {
  static var kind: SourceKind { get }

  /// Begins to read and returns at once. Everything that goes wrong from here on becomes a status.
  func start()

  /// Ends reading and waits for it, a second at most.
  func stop()
}
