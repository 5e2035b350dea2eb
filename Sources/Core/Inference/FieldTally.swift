/// Counts the values of one field in the samples.
struct FieldTally {
  let source: FieldSource
  /// The number of messages that carry it.
  private(set) var count = 0
  private(set) var values: [Int: Int] = [:]

  init(_ source: FieldSource) {
    self.source = source
  }

  mutating func add(_ value: Int) {
    count += 1
    values[value, default: 0] += 1
  }

  /// One tally per field of the samples.
  static func all(of set: SampleSet) -> [FieldTally] {
    var tallies = set.fields.map { FieldTally($0) }
    for sample in set.samples {
      for cell in sample.cells { tallies[cell.field].add(cell.value) }
    }
    return tallies
  }
}
