import Core
import TUI
import Text

/// Filter and order of a snapshot's lists, with the same words as on the screen. Totals and checks are not filtered.
package struct SnapshotSelection: Sendable {
  package struct Invalid: Error {
    package var message: String
  }

  private var filters: [String: Filter] = [:]
  private var order: (word: String, isReversed: Bool)?
  private let lists: [SnapshotTable.Kind]

  package static let all = SnapshotSelection(lists: [])

  private init(lists: [SnapshotTable.Kind]) {
    self.lists = lists
  }

  /// Applies to `tables`, or to the lists of `sections` if `tables` is empty. Throws if a list does not support a word: an unfiltered
  /// list would suggest that all rows matched.
  package init(
    filter: String?, order: TableSelection.Order?, tables: [String], sections: Set<SnapshotSection>?
  ) throws(Invalid) {
    lists = SnapshotTable.kinds.filter { kind in
      tables.isEmpty ? sections?.contains { $0.list == kind.name } ?? false : tables.contains(kind.name)
    }
    if let filter { try take(filter) }
    if let order { self.order = (order.column, order.isDescending) }
  }

  private mutating func take(_ text: String) throws(Invalid) {
    guard !lists.isEmpty else {
      throw Invalid(message: "--filter: say which list is meant, as with --sections sagas or --tables groups")
    }
    for list in lists {
      do throws(FilterError) { filters[list.name] = try Filter(parsing: text, for: list.vocabulary) } catch {
        throw Invalid(message: "--filter: \(error.message)")
      }
    }
  }

  /// The query for the sagas, for reports that read them one by one.
  package var sagas: SagaQuery {
    guard let list = lists.first(where: { $0.name == "sagas" }) else { return SagaQuery(limit: .max) }
    return Narrowing(filter: filters[list.name] ?? .all, order: order).query()
  }

  /// `hasSagas`: the report contains the rows of the sagas.
  package func applied(
    to report: SnapshotReport, from source: some ContentSource, hasSagas: Bool = true
  ) -> SnapshotReport {
    var report = report
    for list in lists where hasSagas || list.name != "sagas" {
      guard filters[list.name] != nil || isOrdered(list) else { continue }
      report.narrow(list.name, Narrowing(filter: filters[list.name] ?? .all, order: order), from: source)
    }
    return report
  }

  /// If false, the order is a column, by which the table sorts itself.
  private func isOrdered(_ list: SnapshotTable.Kind) -> Bool { order.map { list.orders.contains($0.word) } ?? false }
}

extension SnapshotSection {
  /// The list that belongs to the section.
  var list: String { self == .lag ? "groups" : rawValue }
}

/// Filter and order of one list.
private struct Narrowing {
  let filter: Filter
  let order: (word: String, isReversed: Bool)?

  func query<Order, ID>() -> ListQuery<Order, ID> {
    let known = order.flatMap { Order(rawValue: $0.word) }
    return ListQuery(
      filter: filter, order: known ?? .standard, isReversed: known != nil && order?.isReversed == true, limit: .max)
  }
}

extension SnapshotReport {
  /// Keeps the report's own rows. The lists are read again only to find out which rows match, and their order.
  fileprivate mutating func narrow(_ list: String, _ narrowing: Narrowing, from source: some ContentSource) {
    let now = snapshot.header.now
    switch list {
    case "sagas": snapshot.overview.sagas.keep(source.sagas(narrowing.query(), now: now).ids)
    case "compensations": snapshot.compensations.keep(source.compensations(narrowing.query(), now: now).ids)
    case "failures": snapshot.failures.keep(source.failures(narrowing.query(), now: now).ids)
    case "nodes": snapshot.nodes.keep(source.nodes(narrowing.query(), now: now).ids)
    case "locks": locks?.keep(source.locks(narrowing.query(), now: now).ids)
    case "groups": lag?.keep(source.groups(narrowing.query(), now: now).ids)
    case "topics": lag?.topics.keep(source.topics(narrowing.query(), now: now).ids)
    case "services": services?.keep(source.services(narrowing.query(), now: now).ids)
    default: filters[list] = narrowing.filter
    }
  }

  var shownSources: [SourceStatus] {
    snapshot.header.sources.filter { filters["sources"]?.matches($0, now: now) ?? true }
  }

  var shownChecks: [CheckResult] { checks.filter { filters["checks"]?.matches($0, now: now) ?? true } }

  private var now: Timestamp { snapshot.header.now }
}

extension ListView {
  /// Keeps only the rows with these ids, in this order.
  fileprivate mutating func keep(_ ids: [Row.RowID]) {
    let places = Dictionary(rows.enumerated().map { ($1.rowID, $0) }, uniquingKeysWith: { first, _ in first })
    rows = ids.compactMap { id in places[id].map { rows[$0] } }
    window.matching = rows.count
  }
}

extension LagReport {
  fileprivate mutating func keep(_ names: [String]) {
    list.keep(names)
    let known = Dictionary(groups.map { ($0.row.name, $0) }, uniquingKeysWith: { first, _ in first })
    groups = names.compactMap { known[$0] }
  }
}

/// The parts of a snapshot that can be requested.
package enum SnapshotSection: String, CaseIterable, Sendable {
  case sources
  case sagas
  case lag
  case locks
  case services
  case compensations
  case failures
  case nodes
  case checks
}
