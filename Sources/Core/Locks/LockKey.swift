/// One lock: the same key may be held on several servers.
package struct LockKey: Hashable, Sendable {
  /// The name of the source that reads the server.
  package var source: String
  package var key: String

  package init(source: String, key: String) {
    self.source = source
    self.key = key
  }
}
