/// What a cell means; a theme says how that looks.
package enum StyleRole: UInt8, CaseIterable, Sendable {
  case text
  /// Present but not now of interest: units, separators, empty values.
  case dim
  case heading
  case header
  /// The one colour that leads the eye: cursor, active tab, own name.
  case accent
  case key
  case match
  case ok
  case running
  case completed
  case warning
  case stuck
  case compensating
  case compensated
  case failed
  case critical
  /// A reading whose source is silent.
  case stale
  case badge
  case protected
  case chart
  case axis
  case border
  case error
}
