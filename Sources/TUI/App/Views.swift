/// The list of all views. A new view needs its folder and a line here.
package enum Views {
  /// In the order of the tabs. The first view of a tab is the one shown at first.
  static let all: [any ListScreen.Type] = [
    OverviewScreen.self,
    SagasScreen.self,
    EventsScreen.self,
    GroupsScreen.self,
    TopicsScreen.self,
    LocksScreen.self,
    ServicesScreen.self,
    NodesScreen.self,
    MembersScreen.self,
    CompensationsScreen.self,
    FailurePatternsScreen.self,
    ActionsScreen.self,
  ]

  /// A tab with one or more views; number keys, Tab and `:name` select it.
  package struct Tab: Sendable {
    package var name: String
    /// Short name for narrow screens.
    package var short: String
    package var key: Character
    package var views: [ViewID]
  }

  package static let tabs: [Tab] = {
    var tabs: [Tab] = []
    for view in all {
      if let place = tabs.firstIndex(where: { $0.name == view.tab }) {
        tabs[place].views.append(view.id)
      } else {
        tabs.append(
          Tab(
            name: view.tab, short: view.tab == "compensations" ? "comp" : view.tab, key: key(tabs.count),
            views: [view.id]))
      }
    }
    return tabs
  }()

  /// The tenth tab has key 0, as on the keyboard.
  private static func key(_ place: Int) -> Character { Character("\((place + 1) % 10)") }

  /// The names that `:` and `--view` accept.
  package static let words: [String] =
    tabs.map(\.name) + all.map { $0.id.name }.filter { name in !tabs.contains { $0.name == name } }

  /// Finds a view by the name of a tab or of a view.
  package static func view(named name: String) -> ViewID? {
    tabs.first { $0.name == name }?.views[0] ?? all.first { $0.id.name == name }?.id
  }

  package static func columns(of view: ViewID) -> [String] { type(of: view).init().columnNames }
  package static func orders(of view: ViewID) -> [String] { type(of: view).orderWords }

  static func type(of id: ViewID) -> any ListScreen.Type { all.first { $0.id == id } ?? all[0] }
}
