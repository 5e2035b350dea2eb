/// The actions of operators, the latest first.
package struct ActionListView: Sendable, Equatable {
  package var rows: [ActionRecord]
  /// The place of the first row among those that match, how many match, and how many are kept.
  package var offset: Int
  package var matching: Int
  package var total: Int
  /// By the outcome's name, of all that are kept.
  package var counts: [String: Int]
  /// What is wrong with the audit log: it cannot be written, or it was cut or changed.
  package var problem: String?

  package init(
    rows: [ActionRecord] = [], offset: Int = 0, matching: Int = 0, total: Int = 0, counts: [String: Int] = [:],
    problem: String? = nil
  ) {
    self.rows = rows
    self.offset = offset
    self.matching = matching
    self.total = total
    self.counts = counts
    self.problem = problem
  }
}
