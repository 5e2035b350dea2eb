/// Step names that messages carry themselves, as a coordinator publishes them.
struct CarriedSteps {
  /// Fields that carry them, in order of preference.
  let sources: [FieldSource]
  private let fields: [Int]
  private let samples: TypedSamples

  init(_ types: Set<Int>, in samples: TypedSamples) {
    self.samples = samples
    let names = ["stepname", "step", "failedstep", "taskname", "task", "activityname", "activity"]
    let set = samples.set
    var values: [Int: Set<Int>] = [:]
    for event in samples.events where types.contains(event.type) {
      for cell in event.cells { values[cell.field, default: []].insert(cell.value) }
    }
    let found = values.filter { names.contains(FieldName.normalized(set.fields[$0.key])) && $0.value.count <= 50 }
      .keys.sorted { left, right in
        let (one, other) = (FieldName.normalized(set.fields[left]), FieldName.normalized(set.fields[right]))
        let (rank, otherRank) = (names.firstIndex(of: one) ?? 0, names.firstIndex(of: other) ?? 0)
        return rank != otherRank ? rank < otherRank : FieldName.precedes(set.fields[left], set.fields[right])
      }
    fields = found
    sources = found.map { set.fields[$0] }
  }

  func step(of event: TypedSamples.Event) -> String? {
    for field in fields {
      if let cell = event.cells.first(where: { $0.field == field }) { return samples.set.values[cell.value] }
    }
    return nil
  }
}
