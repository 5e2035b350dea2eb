/// The limits of a `Store`.
package struct StoreLimits: Sendable, Equatable {
  /// How long an ended saga is retained after its last event.
  package var retention: Duration
  package var maxSagas: Int
  package var maxEventsPerSaga: Int
  /// Space for message texts; the oldest are dropped first.
  package var messageBytes: Int
  package var recentEvents: Int

  package init(
    retention: Duration = .seconds(3600), maxSagas: Int = 100_000, maxEventsPerSaga: Int = 500,
    messageBytes: Int = 32 << 20, recentEvents: Int = 5000
  ) {
    self.retention = retention
    self.maxSagas = max(1, maxSagas)
    self.maxEventsPerSaga = max(1, maxEventsPerSaga)
    self.messageBytes = max(1 << 16, messageBytes)
    self.recentEvents = max(1, recentEvents)
  }
}
