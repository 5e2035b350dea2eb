/// Step names carried by the messages, as a coordinator publishes them.
struct CarriedSteps {
  /// Per event type: the number of events that carry each field.
  private var carried: [Int: [Int: Int]] = [:]
  private let fields: [Int]
  private let samples: TypedSamples

  init(_ types: Set<Int>, in samples: TypedSamples) {
    self.samples = samples
    let names = ["stepname", "step", "sagastep", "failedstep", "taskname", "task", "activityname", "activity"]
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
    for event in samples.events where types.contains(event.type) {
      for cell in event.cells where found.contains(cell.field) {
        carried[event.type, default: [:]][cell.field, default: 0] += 1
      }
    }
  }

  var isEmpty: Bool { fields.isEmpty }

  /// The field with the step name in most events of the type; `nil` if no event carries one.
  func source(of type: Int) -> FieldSource? {
    guard let counts = carried[type], let most = counts.values.max() else { return nil }
    return fields.first { counts[$0] == most }.map { samples.set.fields[$0] }
  }

  func step(of event: TypedSamples.Event) -> String? { value(of: event).map { samples.set.values[$0] } }

  /// Index of the step's name in the samples' values.
  func value(of event: TypedSamples.Event) -> Int? {
    for field in fields {
      if let cell = event.cells.first(where: { $0.field == field }) { return cell.value }
    }
    return nil
  }
}
