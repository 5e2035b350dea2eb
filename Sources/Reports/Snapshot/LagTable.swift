import Core
import TUI

/// The section `lag` as aligned columns: groups, their partitions, topics.
enum LagTable {
  static func parts(_ report: LagReport) -> [String] {
    [groups(report.groups.map(\.row)), partitions(report.groups), topics(report.view.topics)]
  }

  private static func groups(_ rows: [GroupRow]) -> String {
    let rows = rows.map { row in
      [
        row.name, row.verdict.rawValue, row.state?.rawValue ?? Quantity.unknown, number(row.members), number(row.lag),
        LagText.age(row.lagTime), LagText.drain(row.drain), Quantity.rate(row.rateIn), Quantity.rate(row.rateOut),
        row.reason.isEmpty ? row.error ?? Quantity.unknown : row.reason,
      ]
    }
    return AlignedText.table(
      ["GROUP", "VERDICT", "STATE", "MEMBERS", "LAG", "OLDEST", "DRAIN", "IN", "OUT", "REASON"], rows,
      right: Set(3...8))
  }

  private static func partitions(_ groups: [GroupView]) -> String {
    let rows = groups.flatMap { group in
      group.partitions.map { row in
        [
          group.row.name, row.topic, "\(row.partition)", row.clientID ?? Quantity.unknown,
          row.host ?? Quantity.unknown, number(row.committed), number(row.start), number(row.end), number(row.lag),
          LagText.age(row.lagTime), row.verdict.rawValue,
        ]
      }
    }
    return AlignedText.table(
      [
        "GROUP", "TOPIC", "PARTITION", "MEMBER", "HOST", "COMMITTED", "START", "END", "LAG", "OLDEST", "VERDICT",
      ], rows, right: [2, 5, 6, 7, 8, 9])
  }

  private static func topics(_ rows: [TopicRow]) -> String {
    let rows = rows.map { row in
      [
        row.topic, row.isDeadLetter ? "dead letter" : Quantity.unknown, "\(row.partitions)", number(row.messages),
        Quantity.rate(row.rateIn), row.skew.map { Quantity.decimal($0, digits: 1) } ?? Quantity.unknown,
        row.groups.isEmpty ? Quantity.unknown : row.groups.joined(separator: ","),
      ]
    }
    return AlignedText.table(
      ["TOPIC", "KIND", "PARTITIONS", "MESSAGES", "IN", "SKEW", "GROUPS"], rows, right: Set(2...5))
  }

  /// Whole, for `awk`.
  private static func number(_ value: (some BinaryInteger)?) -> String {
    value.map { "\($0)" } ?? Quantity.unknown
  }
}
