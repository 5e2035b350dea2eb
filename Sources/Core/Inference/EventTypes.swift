/// The types of sampled messages. Names that mean the same, as "OrderCreated" and "order.created" do, are one type.
struct EventTypes {
  private(set) var names: [String] = []
  /// Per name, the number of its type.
  private(set) var typeOfName: [Int] = []
  private(set) var types: [EventType] = []
  /// Per sample, the number of its name.
  private(set) var nameOfSample: [Int] = []

  /// The type is what the first of the fields says that a message carries, else the topic's name.
  init(of set: SampleSet, by sources: [FieldSource]) {
    let fields = sources.compactMap { set.fields.firstIndex(of: $0) }
    var numbers: [String: Int] = [:]
    for sample in set.samples {
      let name = set.value(of: fields, in: sample) ?? set.topics[sample.topic]
      let number = numbers[name] ?? names.count
      if number == names.count {
        numbers[name] = number
        add(name)
      }
      nameOfSample.append(number)
    }
  }

  private mutating func add(_ name: String) {
    let meaning = EventName(name)
    let type = types.firstIndex { $0.name == meaning } ?? types.count
    if type == types.count { types.append(EventType(name: meaning, written: [])) }
    types[type].written = (types[type].written + [name]).sorted()
    names.append(name)
    typeOfName.append(type)
  }
}
