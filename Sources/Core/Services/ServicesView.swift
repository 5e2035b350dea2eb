/// The watched services.
package struct ServicesView: Sendable, Equatable {
  /// The worst first, then by name.
  package var services: [ServiceRow]
  /// How many there are, whatever `services` was limited to.
  package var total: Int
  /// Per verdict, how many services have it.
  package var counts: [ServiceVerdict: Int]

  package init(services: [ServiceRow] = [], total: Int = 0, counts: [ServiceVerdict: Int] = [:]) {
    self.services = services
    self.total = total
    self.counts = counts
  }
}
