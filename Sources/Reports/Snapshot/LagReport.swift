import Core
import TUI

/// Everything about the consumer groups, for reports.
package struct LagReport: Sendable {
  package var list: GroupList
  package var topics: TopicList
  /// The worst first, with all their partitions; empty where only the groups' rows are wanted.
  package var groups: [GroupView]

  package init(_ list: GroupList, topics: TopicList = TopicList(), groups: [GroupView] = []) {
    self.list = list
    self.topics = topics
    self.groups = groups
  }

  /// Group by group, so that no collector waits for all of them; without `partitions` the groups' rows alone, which is quick.
  package init(of source: some ContentSource, partitions: Bool = true, now: Timestamp) {
    list = source.groups(GroupQuery(limit: .max), now: now)
    topics = source.topics(TopicQuery(limit: .max), now: now)
    groups = partitions ? list.rows.compactMap { source.group($0.name, now: now) } : []
  }
}
