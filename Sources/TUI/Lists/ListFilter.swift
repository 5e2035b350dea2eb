import Core

/// A list's filter as it was typed, and what it means.
package struct ListFilter: Sendable, Equatable {
  package private(set) var text = ""
  package private(set) var filter = Filter.all

  package init() {}

  package init(_ text: String) throws(FilterError) {
    filter = try Filter(parsing: text)
    self.text = text
  }

  package var isActive: Bool { !filter.matchesAll }
}
