import Core

/// All sagas that were in trouble in a stretch of time.
package struct Period: Sendable {
  package var since: Timestamp
  package var now: Timestamp
  package var context: String
  package var total: TypeView
  /// The worst first.
  package var rows: [SagaRow]
  package var diagnoses: [SagaHandle: Diagnosis]
  /// What operators did, the latest first.
  package var actions: [ActionRecord]

  /// From a snapshot: those that moved since then, as far as they need an explanation.
  /// `actions` are of any time and context.
  package init(_ snapshot: SnapshotView, actions: [ActionRecord] = [], since: Timestamp) {
    self.since = since
    now = snapshot.header.now
    context = snapshot.header.context
    total = snapshot.overview.total
    diagnoses = snapshot.diagnoses
    rows = snapshot.overview.sagas.rows.compactMap { snapshot.diagnoses[$0.handle]?.saga }
      .filter { $0.updatedAt >= since }
    self.actions = actions.filter { [context] in $0.context == context && $0.intendedAt >= since }
  }

  /// How often each cause came first, most often first.
  var causes: [(sentence: String, count: Int)] {
    var counts: [String: Int] = [:]
    for row in rows {
      if let cause = diagnoses[row.handle]?.causes.first { counts[DiagnosisText.pattern(cause), default: 0] += 1 }
    }
    return counts.map { (sentence: $0.key, count: $0.value) }.sorted {
      ($1.count, $0.sentence) < ($0.count, $1.sentence)
    }
  }
}
