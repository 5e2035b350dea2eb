import Core

/// Which rows of the screen belong to what. Depends on the size, the view and the state of the sources; never on how many rows a list
/// has.
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

  init(size: Size, front: Layer, context: DrawContext) {
    self.size = size
    var rest = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    header = rest.takeTop(1)
    footer = rest.takeBottom(1)
    tabs = size.rows >= 16 ? rest.takeTop(1) : nil
    banner = rest.takeTop(Banner(front: front, context: context).height(rows: size.rows))
    body = rest
    guard case .list(let view) = front else {
      (summary, list, detail) = (rest.takeTop(0), rest.takeTop(0), rest.takeTop(0))
      return
    }
    let height = rest.height
    summary = rest.takeTop(view.summaryHeight(context, body: height))
    detail = rest.takeBottom(view.detailHeight(body: rest.height))
    list = rest
  }

  static func fits(_ size: Size) -> Bool { size.columns >= least.columns && size.rows >= least.rows }
}
