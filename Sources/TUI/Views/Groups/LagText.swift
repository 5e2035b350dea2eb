import Core
import Text

/// Formats lag values. Unknown values are `-`.
package enum LagText {
  /// `4m12s` measured, `~4m12s` estimated, `>4m12s` at least.
  package static func age(_ time: LagTime) -> String {
    time.age.map { time.quality.mark + Quantity.age($0) } ?? Quantity.unknown
  }

  package static func drain(_ drain: DrainTime) -> String {
    switch drain {
    case .unknown: Quantity.unknown
    case .nothing: "0s"
    case .after(let time): Quantity.age(time)
    case .notDraining: "never"
    }
  }

  /// At most five columns; the unit is in the column title.
  package static func perSecond(_ rate: Double?) -> String {
    let text = Quantity.rate(rate)
    return text.hasSuffix("/s") ? String(text.dropLast(2)) : text
  }

  /// At most five columns.
  package static func count(_ number: Int64?) -> String {
    Quantity.count(number.map { Int(clamping: $0) })
  }

  /// At most six columns, including the mark of its quality.
  package static func count(_ number: Known<Int64>) -> String {
    number.value.map { number.quality.mark + count($0) } ?? Quantity.unknown
  }

  static func grouped(_ number: Known<Int64>) -> String {
    number.value.map { number.quality.mark + grouped($0) } ?? Quantity.unknown
  }

  static func grouped(_ number: Int64?) -> String {
    number.map { Quantity.grouped(Int(clamping: $0)) } ?? Quantity.unknown
  }

  /// Kafka's state name. The suffix `Rebalance` is omitted if the name does not fit.
  static func state(_ state: GroupSample.State?, columns: Int) -> String? {
    guard let word = state?.rawValue, word.count > columns, word.hasSuffix("Rebalance") else { return state?.rawValue }
    return String(word.dropLast("Rebalance".count))
  }

  /// All digits if they fit, otherwise shortened.
  static func offset(_ number: Int64?, columns: Int) -> String {
    let text = number.map { String($0) } ?? Quantity.unknown
    return text.count <= columns ? text : count(number)
  }

  /// 1 means evenly distributed.
  static func skew(_ skew: Double?) -> String {
    guard let skew, skew.isFinite else { return Quantity.unknown }
    return skew < 1000 ? Quantity.decimal(skew, digits: 1) : Quantity.count(Int(min(skew, 1e18)))
  }
}

/// Maps a lag verdict to its glyph, colour role and label.
struct LagStyle {
  let glyphs: Glyphs

  func glyph(_ verdict: LagVerdict) -> Unicode.Scalar {
    switch verdict {
    case .ok: glyphs.running
    case .none: glyphs.pending
    case .unknown: glyphs.skipped
    case .warning, .blocked, .stalled: glyphs.stuck
    case .rewound, .recreated: glyphs.compensating
    case .truncated, .stopped, .empty: glyphs.failed
    }
  }

  func role(_ verdict: LagVerdict) -> StyleRole {
    switch verdict {
    case .ok: .ok
    case .none, .unknown: .dim
    case .warning, .rewound, .recreated, .blocked: .warning
    case .stalled: .stuck
    case .truncated: .failed
    case .stopped, .empty: .critical
    }
  }

  /// A less prominent colour for sentences, because they are long.
  func sentenceRole(_ verdict: LagVerdict) -> StyleRole {
    if verdict.isTrouble { return .error }
    return verdict == .warning ? .warning : .text
  }

  /// "▲ stalled".
  func verdict(_ verdict: LagVerdict) -> String { "\(glyph(verdict)) \(verdict.rawValue)" }

  /// A small varying lag is also "not draining", but it is no problem.
  static func drainRole(_ row: GroupRow) -> StyleRole {
    if row.lag == 0 || row.verdict == .ok { return .dim }
    return row.drain == .notDraining ? .warning : .text
  }

  /// The explanation of the verdict in the help.
  static func meaning(_ verdict: LagVerdict) -> String {
    switch verdict {
    case .ok: "it reads, and its lag is allowed or does not grow"
    case .none: "it never committed, or reads the topic no more"
    case .unknown: "not known, or not observed for long enough to judge"
    case .warning: "it reads, but its lag grows"
    case .rewound: "its commit went back: messages are read again"
    case .recreated: "the topic was recreated: its end went back"
    case .blocked: "an open transaction keeps messages from it"
    case .truncated: "messages were deleted before it had read them"
    case .stalled: "it has members and unread messages, but no progress"
    case .stopped: "no commits any more while messages wait"
    case .empty: "it has no members while messages wait"
    }
  }
}
