import Core
import Text

/// The operator's view settings, stored in the state directory, not in the configuration.
package struct ViewPreferences: Sendable, Equatable {
  package struct View: Sendable, Equatable {
    /// Names of columns in order; empty for the default columns.
    package var columns: [String] = []
    /// The name of the order; `nil` for the default order.
    package var order: String?
    package var isReversed = false
  }

  /// By view name.
  package var views: [String: View] = [:]

  package init() {}

  /// Invalid content is ignored.
  package init(parsing text: String) {
    guard case .object(let members)? = JSONValue(Array(text.utf8)) else { return }
    for member in members.prefix(100) {
      var view = View()
      view.columns = member.value["columns"]?.elements?.compactMap(\.text) ?? []
      view.order = member.value["order"]?.text
      view.isReversed = member.value["reversed"] == .bool(true)
      views[member.name] = view
    }
  }

  package var text: String {
    let members = views.sorted { $0.key < $1.key }.map { name, view in
      (
        name,
        JSONValue.object([
          ("columns", .array(view.columns.map { .string($0) })), ("order", view.order.map { .string($0) } ?? .null),
          ("reversed", .bool(view.isReversed)),
        ])
      )
    }
    return JSONWriter.write(.object(members), isPretty: true) + "\n"
  }
}

extension ListScreen {
  /// `nil` if all settings are the defaults.
  var preference: ViewPreferences.View? {
    var view = ViewPreferences.View()
    view.columns = list.columns
    view.order = list.order == .standard ? nil : list.order.rawValue
    view.isReversed = list.isReversed
    return view == ViewPreferences.View() ? nil : view
  }

  /// A view without stored settings is unchanged.
  mutating func apply(_ preferences: ViewPreferences) {
    guard let view = preferences.views[id.name] else { return }
    list.columns = view.columns.filter(columnNames.contains)
    list.order = view.order.flatMap { Order(rawValue: $0) } ?? .standard
    list.isReversed = view.isReversed
  }

  var columnNames: [String] { allColumns.map(\.name) }

  /// The chosen columns, otherwise the default columns of the view.
  func tableColumns(_ status: SystemStatus) -> [ListColumn<Row, Order>] {
    guard !list.columns.isEmpty else { return shownColumns(status) }
    return list.columns.compactMap { name in allColumns.first { $0.name == name } }
  }

  /// An empty list restores the default columns. Returns an error message; `nil` on success.
  mutating func choose(columns names: [String]) -> String? {
    if let wrong = names.first(where: { !columnNames.contains($0) }) { return unknown("column", wrong, columnNames) }
    list.columns = names
    return nil
  }

  /// Applies the options of a command line; empty values keep the defaults. Returns an error message; `nil` on success.
  mutating func arrange(filter: String, order: String, isReversed: Bool, columns: [String]) -> String? {
    do throws(FilterError) { try self.filter(by: filter) } catch { return "--filter: \(error.message)" }
    if !order.isEmpty, !sort(by: order) { return "--sort: \(unknown("order", order, Self.orderWords))" }
    list.isReversed = isReversed
    return choose(columns: columns).map { "--columns: \($0)" }
  }

  private func unknown(_ what: String, _ word: String, _ known: [String]) -> String {
    "\(id.name) has no \(what) `\(word)`\(NearestWord.hint(word, among: known)); it has \(known.joined(separator: ", "))"
  }
}

extension App {
  /// Applies the settings to the current list. Returns an error message; `nil` on success.
  package mutating func arrange(filter: String, order: String, isReversed: Bool, columns: [String]) -> String? {
    guard case .list(var list) = front else { return nil }
    let wrong = list.arrange(filter: filter, order: order, isReversed: isReversed, columns: columns)
    front = .list(list)
    return wrong
  }
}
