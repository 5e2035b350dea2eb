/// How long until a lag is worked off at the present rates.
package enum DrainTime: Sendable, Equatable {
  case unknown
  /// Nothing waits.
  case nothing
  case after(Duration)
  /// More arrives than is read.
  case notDraining
}
