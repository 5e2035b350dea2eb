/// The samples as events with type and time, in order of time.
struct TypedSamples {
  struct Event {
    var type: Int
    /// The type's name as written in the message.
    var name: Int
    var time: Timestamp
    var topic: Int
    var cells: [SampleSet.Cell]
  }

  private(set) var events: [Event] = []
  private(set) var types: [EventType]
  let names: [String]
  let set: SampleSet

  init(_ set: SampleSet, types sources: [TypeSource], time: [FieldSource], vocabulary: Vocabulary) {
    self.set = set
    let timeFields = time.compactMap { set.fields.firstIndex(of: $0) }
    let found = EventTypes(of: set, by: sources, vocabulary: vocabulary)
    (types, names) = (found.types, found.names)
    let ordered = set.samples.indices.sorted { set.precedes(set.samples[$0], set.samples[$1]) }
    for (sample, name) in ordered.map({ (set.samples[$0], found.nameOfSample[$0]) }) {
      let time = set.value(of: timeFields, in: sample).flatMap { TimestampParser.parse($0) } ?? sample.time
      events.append(
        Event(
          type: found.typeOfName[name], name: name, time: time, topic: sample.topic, cells: sample.cells))
    }
    // Equal times keep the previous order.
    let places = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
    events = places.map { events[$0] }
    let evidence = OutcomeEvidence(self, vocabulary)
    for (type, meaning) in evidence.shown { types[type].shown = meaning }
    for (type, failing) in evidence.failing { types[type].failing = failing }
  }

  /// Sets a meaning from the flows; it overrides the name.
  mutating func show(_ meaning: EventName.Meaning, of type: Int) { types[type].shown = meaning }
}
