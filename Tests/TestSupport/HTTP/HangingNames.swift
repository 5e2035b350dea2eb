import CHangingNames

/// While it lives, names that end in `.hanging.invalid` are asked of a name server that never answers, by everyone in this process.
package final class HangingNames {
  package init() throws {
    guard sg_begin_hanging_names() == 0 else { throw TestFailure("no socket for a silent name server") }
  }

  deinit { sg_end_hanging_names() }

  /// Look-ups that wait.
  package var waiting: Int { Int(sg_hanging_lookups()) }
}
