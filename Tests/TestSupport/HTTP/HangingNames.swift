import CHangingNames

/// While this object exists, all look-ups in this process of names that end in `.hanging.invalid` go to a name server that never responds.
package final class HangingNames {
  package init() throws {
    guard sg_begin_hanging_names() == 0 else { throw TestFailure("no socket for a silent name server") }
  }

  deinit { sg_end_hanging_names() }

  /// The number of pending look-ups.
  package var waiting: Int { Int(sg_hanging_lookups()) }
}
