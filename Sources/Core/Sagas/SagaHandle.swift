/// Names a saga of one `Store` from outside. It stays valid while the saga gains events; after the saga was dropped or merged
/// into another it finds nothing, never another saga.
package struct SagaHandle: Hashable, Sendable {
  package var slot: Int32
  package var generation: UInt32

  package init(slot: Int32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
