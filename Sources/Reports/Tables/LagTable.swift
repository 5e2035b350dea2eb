import Core
import TUI

/// The section `lag` as tables: groups, their partitions, topics.
enum LagTable {
  static let groupShape = ReportTable.Shape(
    "groups", of: .lag,
    [
      .init("GROUP"), .init("VERDICT"), .init("STATE"), .init("MEMBERS", .number), .init("LAG", .number),
      .init("OLDEST", .milliseconds), .init("DRAIN", .milliseconds), .init("IN", .perSecond), .init("OUT", .perSecond),
      .init("PARTITIONS", .number, isWide: true), .init("REASON"),
    ])

  static let partitionShape = ReportTable.Shape(
    "partitions", of: .lag, isWide: true,
    [
      .init("GROUP"), .init("TOPIC"), .init("PARTITION", .number), .init("MEMBER"), .init("HOST"),
      .init("COMMITTED", .number), .init("START", .number), .init("END", .number), .init("LAG", .number),
      .init("OLDEST", .milliseconds), .init("IN", .perSecond, isWide: true), .init("OUT", .perSecond, isWide: true),
      .init("VERDICT"),
    ])

  static let topicShape = ReportTable.Shape(
    "topics", of: .lag,
    [
      .init("TOPIC"), .init("KIND"), .init("PARTITIONS", .number), .init("MESSAGES", .number), .init("IN", .perSecond),
      .init("SKEW", .number), .init("GROUPS"),
    ])

  static func groups(_ report: LagReport) -> ReportTable {
    ReportTable(
      groupShape,
      report.list.rows.map { row in
        [
          .text(row.name), .text(row.verdict.rawValue), .text(row.state?.rawValue), .count(row.members),
          .count(row.lag), age(row.lagTime), drain(row.drain), .rate(row.rateIn), .rate(row.rateOut),
          .count(row.partitions), .text(row.reason.isEmpty ? row.error : row.reason),
        ]
      })
  }

  static func partitions(_ report: LagReport) -> ReportTable {
    ReportTable(
      partitionShape,
      report.groups.flatMap { group in
        group.partitions.map { row in
          [
            .text(group.row.name), .text(row.topic), .count(row.partition), .text(row.clientID), .text(row.host),
            .count(row.committed), .count(row.start), .count(row.end), .count(row.lag), age(row.lagTime),
            .rate(row.rateIn), .rate(row.rateOut), .text(row.verdict.rawValue),
          ]
        }
      })
  }

  static func topics(_ report: LagReport) -> ReportTable {
    ReportTable(
      topicShape,
      report.topics.rows.map { row in
        [
          .text(row.topic), .text(row.isDeadLetter ? "dead letter" : nil), .count(row.partitions),
          .count(row.messages), .rate(row.rateIn), .number(row.skew), .words(row.groups),
        ]
      })
  }

  private static func age(_ time: LagTime) -> Cell {
    .age(time.age, mark: time.quality.mark)
  }

  private static func drain(_ drain: DrainTime) -> Cell {
    switch drain {
    case .unknown: .age(nil)
    case .nothing: .age(.zero)
    case .after(let time): .age(time)
    case .notDraining: .word("never")
    }
  }
}
