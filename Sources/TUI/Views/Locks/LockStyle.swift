import Core
import Text

/// Maps a lock verdict to its glyph, colour role and label.
struct LockStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: LockVerdict) -> Unicode.Scalar {
    switch verdict {
    case .held: glyphs.running
    case .expiring: glyphs.pending
    case .contended, .overdue: glyphs.stuck
    case .orphan: glyphs.skipped
    case .lost: glyphs.compensating
    case .immortal: glyphs.failed
    }
  }

  func role(_ verdict: LockVerdict) -> StyleRole {
    switch verdict {
    case .held: .ok
    case .expiring: .running
    case .contended: .warning
    case .orphan, .lost: .failed
    case .overdue: .stuck
    case .immortal: .critical
    }
  }

  /// A less prominent colour for sentences, because they are long.
  func sentenceRole(_ verdict: LockVerdict) -> StyleRole {
    if verdict.isTrouble { return .error }
    return verdict == .contended ? .warning : .text
  }

  /// "▲ contended".
  func verdict(_ verdict: LockVerdict) -> String { "\(glyph(verdict)) \(verdict.rawValue)" }

  /// `4m12s`, or `≥4m12s` if only a lower bound is known.
  func age(_ age: LockAge?) -> String {
    guard let age else { return Quantity.unknown }
    return (age.isExact ? "" : String(glyphs.atLeast)) + Quantity.age(age.duration)
  }

  /// `never` if the lock does not expire.
  static func ttl(_ row: LockRow) -> String {
    row.isImmortal ? "never" : Quantity.age(row.ttl)
  }

  /// The first holder, and the number of others.
  static func holders(_ holders: [LockHolder]) -> String {
    guard let first = holders.first else { return Quantity.unknown }
    return holders.count == 1 ? first.text : "\(first.text) +\(holders.count - 1)"
  }

  /// The explanation of the verdict in the help.
  static func meaning(_ verdict: LockVerdict) -> String {
    switch verdict {
    case .held: "held, within its lease"
    case .expiring: "less than a fifth of its lease is left"
    case .contended: "other clients wait for it"
    case .orphan: "its saga is over, and it is still held"
    case .lost: "expired while its saga still works"
    case .overdue: "held for longer than its lease or the age limit"
    case .immortal: "never expires, even if its holder dies"
    }
  }
}
