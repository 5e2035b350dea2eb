/// What the first screen shows.
package struct OverviewView: Sendable, Equatable {
  /// Of all types together; its `type` is empty.
  package var total: TypeView
  /// In the order of the configuration.
  package var types: [TypeView]
  /// The worst first, then the newest.
  package var sagas: SagaList
  package var undecoded: Int
  /// Sagas dropped because of `retention` or `maxSagas`.
  package var evicted: Int
  /// Messages of sagas that had been dropped already.
  package var late: Int

  package init(
    total: TypeView, types: [TypeView] = [], sagas: SagaList = SagaList(), undecoded: Int = 0, evicted: Int = 0,
    late: Int = 0
  ) {
    self.total = total
    self.types = types
    self.sagas = sagas
    self.undecoded = undecoded
    self.evicted = evicted
    self.late = late
  }
}
