import Core
import TUI

/// Everything about the consumer groups, for reports.
package struct LagReport: Sendable {
  package var view: LagView
  /// The worst first, with all their partitions.
  package var groups: [GroupView]

  package init(view: LagView, groups: [GroupView]) {
    self.view = view
    self.groups = groups
  }

  /// Group by group, so that no collector waits for all of them.
  package init(of source: some ContentSource, now: Timestamp) {
    view = source.lag(matching: "", limit: .max, now: now)
    groups = view.groups.compactMap { source.group($0.name, now: now) }
  }
}
