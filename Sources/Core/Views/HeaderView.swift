/// What the top line of every screen shows.
package struct HeaderView: Sendable, Equatable {
  package var context: String
  package var isProtected: Bool
  package var isReadOnly: Bool
  package var sources: [SourceStatus]
  /// The instant that the view was made for; every age on the screen counts to it.
  package var now: Timestamp

  package init(
    context: String, isProtected: Bool = false, isReadOnly: Bool = false, sources: [SourceStatus] = [], now: Timestamp
  ) {
    self.context = context
    self.isProtected = isProtected
    self.isReadOnly = isReadOnly
    self.sources = sources
    self.now = now
  }
}
