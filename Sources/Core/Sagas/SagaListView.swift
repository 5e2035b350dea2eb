/// A window of a list of sagas.
package struct SagaListView: Sendable, Equatable {
  package var rows: [SagaRow]
  /// The position of the first row among all that match.
  package var offset: Int
  /// How many match, among `examined` of `total` sagas. Where fewer were examined than there are, the screen says so.
  package var matching: Int
  package var examined: Int
  package var total: Int

  package init(rows: [SagaRow] = [], offset: Int = 0, matching: Int = 0, examined: Int = 0, total: Int = 0) {
    self.rows = rows
    self.offset = offset
    self.matching = matching
    self.examined = examined
    self.total = total
  }
}
