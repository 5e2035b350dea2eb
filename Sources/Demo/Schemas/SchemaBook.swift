/// A small schema registry with the paths and responses of Confluent's. It has two versions of each event schema.
final class SchemaBook {
  private struct Entry {
    let subject: String
    let version: Int
    let language: EventSchema.Language
    let text: String
    /// References to other schemas, by name.
    let references: [(name: String, subject: String)]
    let schema: EventSchema?
  }

  /// Indexed by id - 1.
  private let entries: [Entry]
  private(set) var url = ""
  private var server: HTTPServer?

  init() {
    var entries: [Entry] = [EventSchema.Language.avro, .protobuf].map { language in
      let channel = EventSchema.channel(language)
      return Entry(
        subject: channel.subject, version: 1, language: language, text: channel.text, references: [], schema: nil)
    }
    for topic in Topic.allCases {
      for version in 1...2 {
        let schema = EventSchema(topic: topic, version: version)
        let channel = EventSchema.channel(schema.language)
        entries.append(
          Entry(
            subject: schema.subject, version: version, language: schema.language, text: schema.text,
            references: version > 1 ? [(channel.name, channel.subject)] : [], schema: schema))
      }
    }
    self.entries = entries
  }

  func serve(_ listener: LoopbackSocket.Listener, loop: EventLoop) throws(SystemFailure) {
    url = "http://127.0.0.1:\(listener.port)"
    server = try HTTPServer(listener: listener, loop: loop) { [weak self] request, answer in
      answer(self?.answer(request))
    }
  }

  func id(of topic: Topic, version: Int) -> Int {
    (entries.firstIndex { $0.schema?.topic == topic && $0.version == version } ?? -1) + 1
  }

  func schema(_ id: Int) -> EventSchema? { entries.indices.contains(id - 1) ? entries[id - 1].schema : nil }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    let parts = request.segments
    if parts == ["schemas", "types"] { return Self.response(.array(["AVRO", "PROTOBUF"].map(JSON.string))) }
    if parts == ["subjects"] { return Self.response(.array(entries.map { .string($0.subject) })) }
    if parts.starts(with: ["schemas", "ids"]), parts.count == 3, let id = Int(parts[2]),
      entries.indices.contains(id - 1)
    {
      return Self.response(.object(Self.members(entries[id - 1])))
    }
    if let place = place(parts) {
      let entry = entries[place]
      return Self.response(
        .object(
          [
            JSON.Member(name: "subject", value: .string(entry.subject)),
            JSON.Member(name: "version", value: .integer(entry.version)),
            JSON.Member(name: "id", value: .integer(place + 1)),
          ] + Self.members(entry)))
    }
    return Self.response(.members(["error_code": .integer(40403), "message": .string("Schema not found")]), 404)
  }

  /// Index for `/subjects/SUBJECT/versions/VERSION`. A subject may contain a slash, because the path is already decoded.
  private func place(_ parts: [String]) -> Int? {
    guard parts.count >= 4, parts[0] == "subjects", parts[parts.count - 2] == "versions" else { return nil }
    let subject = parts[1..<parts.count - 2].joined(separator: "/")
    return entries.firstIndex { $0.subject == subject && String($0.version) == parts[parts.count - 1] }
  }

  private static func members(_ entry: Entry) -> [JSON.Member] {
    let references = entry.references.map { reference in
      JSON.members([
        "name": .string(reference.name), "subject": .string(reference.subject), "version": .integer(1),
      ])
    }
    // The registry omits the schema type for Avro, which is the default.
    return [JSON.Member(name: "schema", value: .string(entry.text))]
      + (entry.language == .avro ? [] : [JSON.Member(name: "schemaType", value: .string(entry.language.rawValue))])
      + (references.isEmpty ? [] : [JSON.Member(name: "references", value: .array(references))])
  }

  private static func response(_ body: JSON, _ status: UInt32 = 200) -> HTTPResponse {
    HTTPResponse(status, body, type: "application/vnd.schemaregistry.v1+json")
  }
}
