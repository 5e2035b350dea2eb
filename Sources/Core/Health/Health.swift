/// What a summary of many things says: it is well only where all is known and well.
package enum Health: Sendable, Equatable {
  case well
  /// Nothing is known to be bad, and not all is known.
  case unknown
  case trouble
}
