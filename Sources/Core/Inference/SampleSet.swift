import Text

/// The messages from which a system is inferred, reduced to their scalar values by field.
///
/// The result depends only on the set of messages, not on their arrival order.
package struct SampleSet: Sendable {
  /// Beyond these limits, further messages of a topic or of all topics are only counted.
  package static let mostPerTopic = 20_000
  package static let most = 120_000
  /// The number of messages beyond a topic's limit that are skipped to reach other topics.
  static let mostSkipped = 200_000
  static let mostFields = 100
  static let deepest = 6

  struct Cell: Sendable {
    var field: Int
    var value: Int
  }

  struct Sample: Sendable {
    var topic: Int
    var partition: Int32
    /// No field of its body was read.
    var isUnread: Bool
    var offset: Int64
    /// The broker's timestamp.
    var time: Timestamp
    var cells: [Cell]
  }

  private(set) var samples: [Sample] = []
  private(set) var fields: [FieldSource] = []
  private(set) var values: [String] = []
  private(set) var topics: [String] = []
  /// Paths of strings that contain JSON.
  private(set) var envelopes: Set<[String]> = []
  /// The numbers of messages without any field, and of messages beyond the limits.
  package private(set) var unread = 0
  package private(set) var skipped = 0
  private var fieldNumbers: [FieldSource: Int] = [:]
  private var valueNumbers: [String: Int] = [:]
  private var topicNumbers: [String: Int] = [:]
  private var perTopic: [Int] = []

  package init() {}

  package var count: Int { samples.count }
  /// The limit of samples or of skipped messages is reached.
  package var isFull: Bool { samples.count >= Self.most || skipped >= Self.mostSkipped }

  package mutating func add(_ message: Message, topic: String, partition: Int32, offset: Int64, time: Timestamp) {
    let topic = number(ofTopic: topic)
    guard !isFull, perTopic[topic] < Self.mostPerTopic else { return skipped += 1 }
    var cells: [Cell] = []
    for header in message.headers { note(.header(header.name), header.value, in: &cells) }
    noteKey(message.key, in: &cells)
    let body = Self.document(message.body)
    if let body { flatten(body, [], into: &cells) }
    let isUnread = body?.members == nil
    if isUnread { unread += 1 }
    perTopic[topic] += 1
    samples.append(
      Sample(topic: topic, partition: partition, isUnread: isUnread, offset: offset, time: time, cells: cells))
  }

  /// Removes messages that were added before they could be decoded.
  mutating func remove(_ messages: [(topic: String, partition: Int32, offset: Int64)]) {
    struct Place: Hashable {
      var topic: Int
      var partition: Int32
      var offset: Int64
    }
    let gone = Set(
      messages.compactMap { message in
        topicNumbers[message.topic].map { Place(topic: $0, partition: message.partition, offset: message.offset) }
      })
    func isGone(_ sample: Sample) -> Bool {
      gone.contains(Place(topic: sample.topic, partition: sample.partition, offset: sample.offset))
    }
    for sample in samples where isGone(sample) {
      perTopic[sample.topic] -= 1
      if sample.isUnread { unread -= 1 }
    }
    samples.removeAll(where: isGone)
  }

  /// Reads the members of a key that is a JSON object; a binary key is converted to text.
  private mutating func noteKey(_ key: [UInt8], in cells: inout [Cell]) {
    guard !key.isEmpty else { return }
    let text = String(validating: key, as: UTF8.self).flatMap { $0.utf8.contains { $0 < 0x20 } ? nil : $0 }
    if text?.utf8.first == UInt8(ascii: "{"), let members = JSONNode(key)?.members {
      for member in members {
        if let value = member.value.scalar { note(.keyPath([member.name]), value, in: &cells) }
      }
    }
    note(.key, text ?? Self.binary(key), in: &cells)
  }

  /// Same text as the decoder's for keys of 16, 8 or 4 bytes; for others, a text that is unique for the bytes.
  private static func binary(_ key: [UInt8]) -> String {
    switch key.count {
    case 16: String(decoding: MessageID.guid(bytes: key), as: UTF8.self)
    case 8: String(key.reduce(Int64(0)) { $0 << 8 | Int64($1) })
    case 4: String(key.reduce(Int32(0)) { $0 << 8 | Int32($1) })
    default: key.map { String($0, radix: 16) }.joined(separator: "-")
    }
  }

  /// The value of the first of the fields that the message carries; `nil` if none.
  func value(of fields: [Int], in sample: Sample) -> String? {
    for field in fields {
      if let cell = sample.cells.first(where: { $0.field == field }) { return values[cell.value] }
    }
    return nil
  }

  /// Adds the template's value for each message as a new field.
  mutating func derive(_ source: FieldSource) {
    guard case .template(let parts) = source, fieldNumbers[source] == nil else { return }
    for index in samples.indices {
      let texts = parts.map { text(of: $0, in: samples[index]) }
      guard !texts.contains(nil) else { continue }
      var cells = samples[index].cells
      note(source, texts.compactMap(\.self).joined(), in: &cells)
      samples[index].cells = cells
    }
  }

  private func text(of part: FieldSource.Part, in sample: Sample) -> String? {
    switch part {
    case .text(let text): text
    case .field(.topic): topics[sample.topic]
    case .field(let source): fieldNumbers[source].flatMap { value(of: [$0], in: sample) }
    }
  }

  func without(topics: Set<Int>) -> SampleSet {
    guard !topics.isEmpty else { return self }
    var set = self
    set.samples.removeAll { topics.contains($0.topic) }
    return set
  }

  /// The same set in an order that is independent of arrival: fields by their first position in a message.
  func inOrder() -> SampleSet {
    var set = self
    var places = fields.map { _ in Int.max }
    for sample in samples {
      for (place, cell) in sample.cells.enumerated() { places[cell.field] = min(places[cell.field], place) }
    }
    let fieldOrder = fields.indices.sorted {
      places[$0] != places[$1] ? places[$0] < places[$1] : FieldName.precedes(fields[$0], fields[$1])
    }
    let topicOrder = topics.indices.sorted { topics[$0] < topics[$1] }
    set.fields = fieldOrder.map { fields[$0] }
    set.topics = topicOrder.map { topics[$0] }
    set.perTopic = topicOrder.map { perTopic[$0] }
    set.fieldNumbers = Dictionary(uniqueKeysWithValues: set.fields.enumerated().map { ($1, $0) })
    set.topicNumbers = Dictionary(uniqueKeysWithValues: set.topics.enumerated().map { ($1, $0) })
    for index in set.samples.indices {
      set.samples[index].topic = set.topicNumbers[topics[samples[index].topic]] ?? 0
      for cell in set.samples[index].cells.indices {
        set.samples[index].cells[cell].field = set.fieldNumbers[fields[samples[index].cells[cell].field]] ?? 0
      }
    }
    set.samples.sort { ($0.topic, $0.partition, $0.offset) < ($1.topic, $1.partition, $1.offset) }
    return set
  }

  /// By topic name, partition and offset.
  func precedes(_ left: Sample, _ right: Sample) -> Bool {
    (topics[left.topic], left.partition, left.offset) < (topics[right.topic], right.partition, right.offset)
  }

  /// Skips a schema registry's frame and parses a string that contains JSON, like the event decoder.
  private static func document(_ body: [UInt8]) -> JSONNode? {
    let isFramed = body.count > 5 && body[0] == 0
    guard let node = JSONNode(isFramed ? Array(body.dropFirst(5)) : body) else { return nil }
    return node.text.flatMap { JSONNode(Array($0.utf8)) } ?? node
  }

  /// From arrays, reads only the first string (a list of types) or a single object: an id in one of many objects is rarely the id of the
  /// message.
  private mutating func flatten(_ node: JSONNode, _ path: [String], into cells: inout [Cell]) {
    guard path.count < Self.deepest else { return }
    for member in node.members ?? [] {
      let inner = path + [member.name]
      if let envelope = Self.opened(member.value) {
        envelopes.insert(inner)
        flatten(envelope, inner, into: &cells)
      } else if let text = Self.scalar(member.value) {
        note(.path(inner), text, in: &cells)
      } else if let text = member.value.elements?.first?.text {
        note(.path(inner + ["*"]), text, in: &cells)
      } else if let first = member.value.elements?.first, OutcomeEvidence.isErrorList(member.name) {
        flatten(first, inner + ["*"], into: &cells)
      } else if let only = member.value.elements, only.count == 1 {
        flatten(only[0], inner + ["0"], into: &cells)
      } else {
        flatten(member.value, inner, into: &cells)
      }
    }
  }

  private static func opened(_ node: JSONNode) -> JSONNode? {
    guard let text = node.text, text.utf8.first == UInt8(ascii: "{") else { return nil }
    let inner = JSONNode(Array(text.utf8))
    return inner?.members == nil ? nil : inner
  }

  private mutating func note(_ source: FieldSource, _ value: String, in cells: inout [Cell]) {
    guard cells.count < Self.mostFields, value.utf8.count <= 256 else { return }
    let field = Self.number(of: source, in: &fieldNumbers, &fields)
    // All notations of a GUID are the same id.
    let text = value.utf8.count >= 32 && value.utf8.count <= 45 ? MessageID.canonical(value) ?? value : value
    cells.append(Cell(field: field, value: Self.number(of: text, in: &valueNumbers, &values)))
  }

  /// A string, number or boolean as text; an integral number has one notation, as in events.
  private static func scalar(_ node: JSONNode) -> String? {
    guard let text = node.scalar, node.text == nil, text.utf8.count < 32, text.contains(where: { ".eE".contains($0) }),
      let number = Double(text), let whole = Int64(exactly: number), abs(number) < 9e15
    else { return node.scalar }
    return String(whole)
  }

  private mutating func number(ofTopic topic: String) -> Int {
    let number = Self.number(of: topic, in: &topicNumbers, &topics)
    if number == perTopic.count { perTopic.append(0) }
    return number
  }

  private static func number<Name: Hashable>(of name: Name, in numbers: inout [Name: Int], _ names: inout [Name]) -> Int
  {
    if let number = numbers[name] { return number }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
