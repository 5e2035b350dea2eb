import Core

@testable import TUI

extension App {
  /// The bottom view of a tab.
  private func screen<Screen: ListScreen>(_: Screen.Type) -> Screen { views[Screen.id] as? Screen ?? Screen() }

  var overview: OverviewScreen { screen(OverviewScreen.self) }
  var sagas: SagasScreen { screen(SagasScreen.self) }
  var events: EventsScreen { screen(EventsScreen.self) }
  var groups: GroupsScreen { screen(GroupsScreen.self) }
  var topics: TopicsScreen { screen(TopicsScreen.self) }
  var locks: LocksScreen { screen(LocksScreen.self) }
  var services: ServicesScreen { screen(ServicesScreen.self) }
  var nodes: NodesScreen { screen(NodesScreen.self) }
  var compensations: CompensationsScreen { screen(CompensationsScreen.self) }
  var actions: ActionsScreen { screen(ActionsScreen.self) }

  /// Pages above the topmost list.
  var pages: [any Page] {
    opened.reduce(into: []) { pages, layer in
      switch layer {
      case .list: pages = []
      case .page(let page): pages.append(page)
      }
    }
  }

  var titles: [String] { pages.map(\.title) }
  var filter: ListFilter { frontList.filter }
  var order: String { Self.order(frontList) }

  private static func order(_ screen: some ListScreen) -> String { screen.list.orderText }
}
