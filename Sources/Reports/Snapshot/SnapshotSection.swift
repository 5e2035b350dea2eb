/// The parts of a snapshot that can be asked for.
package enum SnapshotSection: String, CaseIterable, Sendable {
  case sources
  case sagas
  case lag
  case locks
  case services
  case compensations
  case failures
  case nodes
  case checks
}
