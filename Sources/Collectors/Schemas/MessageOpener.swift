import Core
import Text

/// Decompresses messages and decodes them with their schemas to JSON. Belongs to one thread.
struct MessageOpener: ~Copyable {
  enum Opened {
    /// Valid until the next message is opened.
    case ready(ConsumedMessage)
    /// Its schema is being requested.
    case waits(SchemaID)
    /// Its schema is currently unavailable. `isOut`: because the registry does not respond.
    case refused(SchemaID, reason: String, isOut: Bool)
    /// It cannot be decoded.
    case damaged(ConsumedMessage, reason: String)

    /// Why it is not ready, as a sentence.
    var problem: String? {
      switch self {
      case .ready: nil
      case .waits(let schema): "it waits for \(schema)"
      case .refused(let schema, reason: let reason, isOut: true): "\(schema): \(reason)"
      case .refused(_, let reason, _), .damaged(_, let reason): reason
      }
    }
  }

  /// Name of the header with the name of the record or Protobuf message.
  static let nameHeader: StaticString = "schema-message-name"
  private static let mostKept = 256

  private let registry: SchemaRegistry?
  private let files: [(topics: NamePattern, schema: MessageSchema)]
  private let idBytes: Int
  /// By topic: the schema from its file; `nil` if it has none.
  private var byTopic: [Symbol: MessageSchema?] = [:]
  private var known: [SchemaID: MessageSchema] = [:]
  private let body = JSONOutput()
  private let key = JSONOutput()
  private let bodies = ProtobufReader()
  private let keys = ProtobufReader()
  private var unpacker = BodyUnpacker()

  /// Invalid schema files are skipped here; they are reported when the settings are read.
  init(_ settings: SchemaSettings, _ registry: SchemaRegistry?) {
    self.registry = registry
    idBytes = settings.registry?.idBytes ?? 4
    files = settings.files.compactMap { file in (try? file.compiled()).map { (file.topics, $0) } }
  }

  mutating func open(_ message: ConsumedMessage, topicName: UnsafeRawBufferPointer) -> Opened {
    var message = message
    if let body = message.body, !Bytes.beginsJSON(body) || registry != nil || !files.isEmpty {
      switch unpacker.unpack(body, headers: message.headers) {
      case .plain: break
      case .unpacked(let bytes): message.body = bytes
      case .damaged(let reason): return .damaged(message, reason: reason)
      }
    }
    guard registry != nil || !files.isEmpty else { return .ready(message) }
    if let schema = file(of: message.origin.topic, topicName) { return read(message, by: schema) }
    return framed(message)
  }

  private mutating func file(of topic: Symbol, _ name: UnsafeRawBufferPointer) -> MessageSchema? {
    if files.isEmpty { return nil }
    if let schema = byTopic[topic] { return schema }
    let text = Bytes.string(name)
    let schema = files.first { $0.topics.matches(text) }?.schema
    if byTopic.count >= Self.mostKept { byTopic.removeAll() }
    byTopic[topic] = schema
    return schema
  }

  /// For a topic with a schema file: the body is a plain record, or follows a registry's frame or Avro's single-object header.
  private mutating func read(_ message: ConsumedMessage, by schema: MessageSchema) -> Opened {
    guard let body = message.body else { return .ready(message) }
    var fault: SchemaFault?
    for skipped in [0, 5, 10] where body.count >= skipped {
      if skipped == 5, body.first != 0 { continue }
      if skipped == 10, body[0] != 0xc3 || body[1] != 1 { continue }
      let part = UnsafeRawBufferPointer(rebasing: body[skipped...])
      var indexes: [Int32] = []
      var rest = part
      if skipped == 5, case .protobuf = schema { (indexes, rest) = WireFormat.indexes(part) ?? ([], part) }
      do throws(SchemaFault) { return .ready(try opened(message, rest, schema, indexes)) } catch {
        fault = fault ?? error
      }
    }
    // A topic may still have messages from before it had a schema.
    if WireFormat.isDocument(body) { return .ready(message) }
    return .damaged(message, reason: "not of the topic's schema: \(fault?.reason ?? "")")
  }

  /// For a topic whose messages contain schema ids.
  private mutating func framed(_ message: ConsumedMessage) -> Opened {
    var result = message
    if let frame = WireFormat.frame(.key, of: message, idBytes: idBytes) {
      switch find(frame.id) {
      case .schema(let schema):
        // A key that only looks like a frame is unchanged.
        if let text = try? self.keyText(frame, schema) { result.key = text }
      case .awaited: return .waits(frame.id)
      case .refused, .out: break
      }
    }
    guard let frame = WireFormat.frame(.value, of: message, idBytes: idBytes) else { return .ready(result) }
    let finding = find(frame.id)
    // A JSON document can be read without its schema. Detecting JSON is a guess, so a known schema has priority.
    if !finding.isSchema, WireFormat.isDocument(frame.payload) {
      result.body = frame.payload
      return .ready(result)
    }
    switch finding {
    case .awaited: return .waits(frame.id)
    case .out(let reason): return .refused(frame.id, reason: reason, isOut: true)
    case .refused(let reason): return .refused(frame.id, reason: reason, isOut: false)
    case .schema(let schema):
      do throws(SchemaFault) {
        var (indexes, rest) = ([Int32](), frame.payload)
        if case .protobuf = schema { (indexes, rest) = try frame.indexed() }
        return .ready(try opened(result, rest, schema, indexes))
      } catch {
        return .damaged(result, reason: "not of its \(frame.id): \(error.reason)")
      }
    }
  }

  private mutating func find(_ id: SchemaID) -> SchemaRegistry.Finding {
    if let schema = known[id] { return .schema(schema) }
    guard let registry else { return .refused("\(id): no registry") }
    let finding = registry.find(id)
    if case .schema(let schema) = finding {
      if known.count >= Self.mostKept { known.removeAll() }
      known[id] = schema
    }
    return finding
  }

  private func opened(
    _ message: ConsumedMessage, _ payload: UnsafeRawBufferPointer, _ schema: MessageSchema, _ indexes: [Int32]
  ) throws(SchemaFault) -> ConsumedMessage {
    var message = message
    var name: UnsafeRawBufferPointer?
    switch schema {
    case .json: message.body = payload
    case .avro(let schema):
      name = try Self.read(payload, schema, into: body)
      message.body = body.bytes
    case .protobuf(let schema):
      let document = try bodies.read(payload, schema, indexes)
      (message.body, name) = (document.json, document.name)
    }
    if let name { message.headers.append(.init(name: Self.nameBytes, value: name)) }
    return message
  }

  private static var nameBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: nameHeader.utf8Start, count: nameHeader.utf8CodeUnitCount)
  }

  /// Returns the record's name.
  private static func read(
    _ payload: UnsafeRawBufferPointer, _ schema: AvroSchema, into output: JSONOutput
  ) throws(SchemaFault) -> UnsafeRawBufferPointer? {
    output.clear()
    let name: Int32
    do throws(AvroReader.Fault) { name = try AvroReader.read(payload, schema, into: output) } catch {
      throw SchemaFault(error.sentence)
    }
    return schema.text(name)
  }

  private func keyText(_ frame: WireFormat.Frame, _ schema: MessageSchema) throws(SchemaFault) -> UnsafeRawBufferPointer
  {
    switch schema {
    case .json: return frame.payload
    case .avro(let schema):
      _ = try Self.read(frame.payload, schema, into: key)
      return key.bytes
    case .protobuf(let schema):
      let (indexes, rest) = try frame.indexed()
      return try keys.read(rest, schema, indexes).json
    }
  }
}

extension AvroSchema {
  /// Valid as long as the schema: its bytes are allocated once.
  fileprivate func text(_ index: Int32) -> UnsafeRawBufferPointer? {
    guard index >= 0 else { return nil }
    let span = spans[Int(index)]
    return texts.withUnsafeBytes { texts in
      UnsafeRawBufferPointer(rebasing: texts[Int(span.start)..<Int(span.start + span.count)])
    }
  }
}

/// How messages identify their schemas.
///
/// Confluent's serializers write a zero byte and the id before the record, or (Confluent 8) a one byte and the schema's GUID into a
/// header. Apicurio's serializers write the id into a header.
enum WireFormat {
  enum Part { case key, value }

  struct Frame {
    var id: SchemaID
    /// The bytes after the id.
    var payload: UnsafeRawBufferPointer
    /// The bytes after the id in its header; `nil` if the id precedes the record.
    var header: UnsafeRawBufferPointer?

    /// The indexes of the message within its Protobuf schema, and the message itself.
    func indexed() throws(SchemaFault) -> ([Int32], UnsafeRawBufferPointer) {
      if let header {
        guard !header.isEmpty else { return ([0], payload) }
        guard let (indexes, _) = WireFormat.indexes(header) else {
          throw SchemaFault("its message indexes are damaged")
        }
        return (indexes, payload)
      }
      guard let found = WireFormat.indexes(payload) else { throw SchemaFault("its message indexes are damaged") }
      return found
    }
  }

  private static let names: [Part: [[UInt8]]] = [
    .key: ["__key_schema_id", "apicurio.key.contentId", "apicurio.key.globalId"].map { Array($0.utf8) },
    .value: ["__value_schema_id", "apicurio.value.contentId", "apicurio.value.globalId"].map { Array($0.utf8) },
  ]

  static func frame(_ part: Part, of message: ConsumedMessage, idBytes: Int) -> Frame? {
    guard let bytes = part == .key ? message.key : message.body else { return nil }
    if !message.headers.isEmpty, let names = names[part] {
      for header in message.headers where names.contains(where: { Bytes.equal(header.name, $0) }) {
        if let (id, rest) = id(inHeader: header.value) { return Frame(id: id, payload: bytes, header: rest) }
      }
    }
    return frame(bytes, idBytes: idBytes)
  }

  private static func id(inHeader value: UnsafeRawBufferPointer) -> (SchemaID, UnsafeRawBufferPointer)? {
    if value.count >= 17, value[0] == 1 { return (guid(value), UnsafeRawBufferPointer(rebasing: value[17...])) }
    // Eight bytes are a number, or a zero, an id and three bytes of message indexes. The id of the latter is not 0.
    if value.count >= 5, value[0] == 0, value.count != 8 || value[1..<5].contains(where: { $0 != 0 }) {
      return (number(value, 1..<5), UnsafeRawBufferPointer(rebasing: value[5...]))
    }
    if value.count == 4 || value.count == 8 { return (number(value, 0..<value.count), Bytes.empty) }
    return UInt64(Bytes.string(value)).map { (.number($0), Bytes.empty) }
  }

  private static func frame(_ bytes: UnsafeRawBufferPointer, idBytes: Int) -> Frame? {
    guard let first = bytes.first else { return nil }
    if first == 1, bytes.count > 17 {
      return Frame(id: guid(bytes), payload: UnsafeRawBufferPointer(rebasing: bytes[17...]))
    }
    guard first == 0, bytes.count > idBytes else { return nil }
    let id = number(bytes, 1..<1 + idBytes)
    let payload = UnsafeRawBufferPointer(rebasing: bytes[(1 + idBytes)...])
    // Ids start at 1: an eight-byte number looks like a frame.
    if case .number(0) = id { return nil }
    return Frame(id: id, payload: payload)
  }

  /// Whether the bytes look like a complete JSON document. White space before it is not allowed: in Avro, a line feed or a blank is the
  /// length of a text of 5 or 16 bytes, which may itself be JSON. A brace or bracket is a negative number in Avro, and no length.
  static func isDocument(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "["), Bytes.beginsJSON(bytes),
      let last = bytes.last(where: { !" \t\r\n".utf8.contains($0) })
    else { return false }
    return last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> SchemaID {
    .number(bytes[range].reduce(0) { $0 << 8 | UInt64($1) })
  }

  private static func guid(_ bytes: UnsafeRawBufferPointer) -> SchemaID {
    .guid(String(decoding: MessageID.guid(bytes: bytes[1..<17]), as: UTF8.self))
  }

  /// Reads a count and that many zigzag numbers; a single zero is the first message. `nil` if malformed.
  static func indexes(_ bytes: UnsafeRawBufferPointer) -> ([Int32], UnsafeRawBufferPointer)? {
    var place = 0
    func next() -> Int64? {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
      }
      return nil
    }
    guard let count = next(), (0...30).contains(count) else { return nil }
    var indexes: [Int32] = count == 0 ? [0] : []
    for _ in 0..<count {
      guard let index = next(), (0...100_000).contains(index) else { return nil }
      indexes.append(Int32(index))
    }
    return (indexes, UnsafeRawBufferPointer(rebasing: bytes[place...]))
  }
}
