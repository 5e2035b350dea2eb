import Core
import TUI

/// Everything about the consumer groups, for reports.
package struct LagReport: Sendable {
  package var view: LagView
  /// The worst first, with all their partitions; empty where only the groups' rows are wanted.
  package var groups: [GroupView]

  package init(view: LagView, groups: [GroupView]) {
    self.view = view
    self.groups = groups
  }

  /// Group by group, so that no collector waits for all of them; without `partitions` the groups' rows alone, which is quick.
  package init(of source: some ContentSource, partitions: Bool = true, now: Timestamp) {
    view = source.lag(matching: "", limit: .max, now: now)
    groups = partitions ? view.groups.compactMap { source.group($0.name, now: now) } : []
  }
}
