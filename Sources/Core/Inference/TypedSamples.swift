/// The samples as events: each with its type and time, in the order of time.
struct TypedSamples {
  struct Event {
    var type: Int
    var time: Timestamp
    var topic: Int
    var cells: [SampleSet.Cell]
  }

  private(set) var events: [Event] = []
  private(set) var types: [String] = []
  let set: SampleSet

  init(_ set: SampleSet, fields: EventFields) {
    self.set = set
    let timeFields = fields.time.compactMap { set.fields.firstIndex(of: $0) }
    let typeOfSample: [Int]
    (typeOfSample, types) = Self.types(of: set, by: fields.type)
    let ordered = set.samples.indices.sorted { set.precedes(set.samples[$0], set.samples[$1]) }
    for (sample, type) in ordered.map({ (set.samples[$0], typeOfSample[$0]) }) {
      let time = Self.value(of: timeFields, in: sample, of: set).flatMap { TimestampParser.parse($0) } ?? sample.time
      events.append(Event(type: type, time: time, topic: sample.topic, cells: sample.cells))
    }
    // Of equal times the order above stands.
    let places = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
    events = places.map { events[$0] }
  }

  /// The type of each sample, by its number, and the types' names.
  static func types(of set: SampleSet, by sources: [FieldSource]) -> (ofSample: [Int], names: [String]) {
    let fields = sources.compactMap { set.fields.firstIndex(of: $0) }
    var names: [String] = []
    var numbers: [String: Int] = [:]
    let types = set.samples.map { sample in
      let name = value(of: fields, in: sample, of: set) ?? set.topics[sample.topic]
      if let number = numbers[name] { return number }
      numbers[name] = names.count
      names.append(name)
      return names.count - 1
    }
    return (types, names)
  }

  private static func value(of fields: [Int], in sample: SampleSet.Sample, of set: SampleSet) -> String? {
    for field in fields {
      if let cell = sample.cells.first(where: { $0.field == field }) { return set.values[cell.value] }
    }
    return nil
  }
}
