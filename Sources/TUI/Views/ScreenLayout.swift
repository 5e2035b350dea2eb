import Core

/// Which rows of the screen belong to what. Depends on the size and, for the lines that tell of trouble with sources, on the content;
/// never on how many rows a list has.
struct ScreenLayout {
  /// Below this only the size that is needed is shown.
  private static let least = Size(columns: 40, rows: 8)

  let size: Size
  let header: Rect
  let tabs: Rect?
  let banner: Rect
  let body: Rect
  let footer: Rect
  /// The parts of the body around a list; empty where the view has none.
  let summary: Rect
  let list: Rect
  let detail: Rect

  /// All but the first line and the last.
  var help: Rect {
    let top = header.y + header.height
    return Rect(x: 0, y: top, width: size.columns, height: footer.y - top)
  }

  /// Rows of the list without its titles.
  var listHeight: Int { max(1, list.height - 1) }

  init(size: Size, state: UIState, content: Content) {
    self.size = size
    var rest = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    header = rest.takeTop(1)
    footer = rest.takeBottom(1)
    tabs = size.rows >= 16 ? rest.takeTop(1) : nil
    banner = rest.takeTop(Banner(content: content, view: state.view, columns: size.columns).height(rows: size.rows))
    body = rest
    guard state.pages.isEmpty else {
      (summary, list, detail) = (rest.takeTop(0), rest.takeTop(0), rest.takeTop(0))
      return
    }
    summary = rest.takeTop(Self.summaryHeight(state, content, rest.height, columns: size.columns))
    detail = rest.takeBottom(Self.detailHeight(state, rest.height))
    list = rest
  }

  static func fits(_ size: Size) -> Bool { size.columns >= least.columns && size.rows >= least.rows }

  private static func summaryHeight(_ state: UIState, _ content: Content, _ height: Int, columns: Int) -> Int {
    switch state.view {
    case .overview:
      let types = content.overview.types.count
      return (height >= 7 ? 2 : 1) + (height >= SummaryLines.historyFrom ? 2 : 0)
        + (types > 1 && height >= 18 ? min(types, SummaryLines.maxTypes) : 0)
    case .sagas: return 1
    case .events: return height >= 8 ? 2 : 1
    case .locks: return LockSums.height(content.locks, body: height)
    case .services, .actions: return 1
    case .nodes: return NodeSums.height(content.nodes, state.nodes, body: height)
    case .compensations: return CompensationSumLines.height(state.compensations, body: height, columns: columns)
    case .lag: return LagSums.height(content.groups, body: height)
    }
  }

  private static func detailHeight(_ state: UIState, _ height: Int) -> Int {
    switch state.view {
    case .overview, .sagas, .locks, .services, .compensations, .actions: break
    case .nodes: if state.nodes.showsMembers { return 0 }
    case .lag: if state.lag.showsTopics { return 0 }
    case .events: return 0
    }
    switch height {
    case ..<5: return 0
    case ..<10: return 1
    case ..<16: return 3
    case ..<26: return state.view == .overview ? 5 : 4
    default: return state.view == .overview ? 7 : state.view == .sagas ? 5 : 4
    }
  }
}
