import Core
import Text

extension ViewID {
  package static let sagas = ViewID("sagas")
}

/// The list of all sagas, with more columns than the overview.
package struct SagasScreen: SagaListScreen {
  package static let id = ViewID.sagas

  package var list = ListState<SagaRow, SagaOrder>()
  var sagas = SagaSelection()
  package var columns: [ListColumn<SagaRow, SagaOrder>] { ListColumn.sagas }

  package init() {}

  package func detailHeight(body: Int) -> Int { body < 26 ? DetailLines.height(body: body) : 5 }

  /// "showing 1-40 of 1,234 (first 20,000 examined)".
  package func summary(_ context: DrawContext, height: Int) -> [StyledLine] {
    let read = sagas.read
    let last = Quantity.grouped(list.offset + list.rows.count)
    let range = list.rows.isEmpty ? "none" : "\(Quantity.grouped(list.offset + 1))-\(last)"
    var line = StyledLine(" showing \(range) of \(Quantity.grouped(list.matching))", .dim)
    if read.examined < read.total {
      line.add(" (first \(Quantity.grouped(read.examined)) of \(Quantity.grouped(read.total)) examined)", .warning)
    }
    let evicted = context.status.overview.evicted
    if evicted > 0 { line.add(", \(Quantity.grouped(evicted)) older dropped", .dim) }
    if let type = context.status.onlyType { line.add(", type \(type)", .dim) }
    line.add(", sorted by \(list.orderText)", .dim)
    return [line]
  }
}
