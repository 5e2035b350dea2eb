import Core

/// What the columns of nodes, roll-backs and failure patterns say, for the help.
enum HistoryNotes {
  static let nodes: [(String, String)] =
    NodeVerdict.allCases.reversed().map { ($0.rawValue, NodeStyle.meaning($0)) } + [
      ("SHARE", "of all attempts at the steps that it does"),
      ("STEPS", "attempts that it ended, those that failed too"),
      ("P50 P95", "from being handed an attempt to its end"),
      ("chi-square, p", "Pearson's test against even shares, per step"),
      ("-", "not known; it is never written as 0"),
    ]

  static let compensations: [(String, String)] = [
    ("failed", "not undone: it needs a person, and stands on top"),
    ("backlog", "under way, and failed ones that wait"),
    ("UNDONE", "the steps that were undone, in that order"),
    ("LEFT", "what is still to be undone, or could not be"),
    ("TIME", "from the failure to the end of the roll-back"),
    ("TRIGGER", "automatic, who asked, or external: another system"),
    ("most in", "what many roll-backs have in common"),
  ]

  static let patterns: [(String, String)] = [
    ("<n> <id> <s> …", "differs: numbers, ids, quoted values, addresses, times"),
    ("new", "seen first in the last 5 minutes, missing before"),
    ("COUNT ≥7", "at least: more patterns came than are kept"),
    ("SAGAS", "that failed so at least once"),
    ("-", "no node or step is told"),
  ]
}
