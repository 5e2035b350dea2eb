import CProtobuf
import Text

/// A schema's identifier in messages.
enum SchemaID: Hashable, Sendable, CustomStringConvertible {
  case number(UInt64)
  case guid(String)

  var description: String {
    switch self {
    case .number(let number): "schema \(number)"
    case .guid(let text): "schema \(text)"
    }
  }
}

/// The schema of a body or key.
enum MessageSchema: Sendable {
  case avro(AvroSchema)
  case protobuf(ProtobufSchema)
  /// The document is plain JSON.
  case json

  /// Approximate memory in bytes.
  var size: Int {
    switch self {
    case .avro(let schema): schema.size
    case .protobuf(let schema): schema.size
    case .json: 0
    }
  }
}

/// A schema's text, with the texts of its references.
struct SchemaText {
  struct Reference {
    /// The name used in the schema.
    var name: String
    var text: [UInt8]
  }

  /// The registry's type name: `AVRO`, `PROTOBUF`, `JSON`.
  var type: String
  var text: [UInt8]
  /// Each after its own references.
  var references: [Reference] = []

  func compiled() throws(SchemaFault) -> MessageSchema {
    switch type {
    case "AVRO": .avro(try AvroSchema(text, references: references.map(\.text)))
    case "PROTOBUF": .protobuf(try ProtobufSchema(text, references: references))
    case "JSON": .json
    default: throw SchemaFault("its type is \(type), which sagatop does not know")
    }
  }
}

/// A compiled `.proto` file. Immutable and safe on any thread.
final class ProtobufSchema: @unchecked Sendable {
  // Not modified after the initializer.
  fileprivate let schema: OpaquePointer

  /// Some serializers register the descriptor compiled by `protoc`, in Base64.
  private struct File {
    var name: String
    var bytes: [UInt8]
    var isCompiled: Bool

    init(_ reference: SchemaText.Reference) {
      name = reference.name
      let compiled = reference.text.count > 4 ? Base64.decoded(reference.text) : nil
      (bytes, isCompiled) = (compiled ?? reference.text, compiled != nil)
    }
  }

  /// `message` is the full name of the type of messages without indexes; `nil` for the first type.
  init(_ text: [UInt8], references: [SchemaText.Reference] = [], message: String? = nil) throws(SchemaFault) {
    let files = ([SchemaText.Reference(name: "schema.proto", text: text)] + references).map(File.init)
    schema = try Self.make { error, room in
      Self.withFiles(files[...], []) { files in
        Self.withText(message) { sg_proto_parse(files, files.count, $0, error, room) }
      }
    }
  }

  /// From a `FileDescriptorSet`. Without `message`, the type is the first of the last file.
  init(descriptors: [UInt8], message: String?) throws(SchemaFault) {
    schema = try Self.make { error, room in
      Self.withText(message) { sg_proto_load(descriptors, descriptors.count, $0, error, room) }
    }
  }

  private static func withText<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }

  deinit { sg_proto_schema_free(schema) }

  var size: Int { sg_proto_schema_size(schema) }

  private static func make(
    _ body: (UnsafeMutablePointer<CChar>, Int) -> OpaquePointer?
  ) throws(SchemaFault) -> OpaquePointer {
    var error = [CChar](repeating: 0, count: 300)
    let schema = error.withUnsafeMutableBufferPointer { error in
      error.baseAddress.flatMap { body($0, error.count) }
    }
    if let schema { return schema }
    let text = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw SchemaFault(text.isEmpty ? "no memory for it" : String(decoding: text, as: UTF8.self))
  }

  private static func withFiles<Result>(
    _ rest: ArraySlice<File>, _ done: [sg_proto_file], _ body: ([sg_proto_file]) -> Result
  ) -> Result {
    guard let file = rest.first else { return body(done) }
    return file.name.withCString { name in
      file.bytes.withUnsafeBytes { bytes in
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        let given = sg_proto_file(
          name: name, text: start, length: bytes.count, isCompiled: file.isCompiled ? 1 : 0)
        return withFiles(rest.dropFirst(), done + [given], body)
      }
    }
  }
}

/// Converts Protocol Buffers messages to JSON. Belongs to one thread.
struct ProtobufReader: ~Copyable {
  private let reader: OpaquePointer?

  init() { reader = sg_proto_reader_new() }

  deinit { sg_proto_reader_free(reader) }

  /// The JSON, valid until the next read, and the full name of the type, valid as long as the schema.
  struct Document {
    var json: UnsafeRawBufferPointer
    var name: UnsafeRawBufferPointer
  }

  /// `indexes` select the message within the schema; empty for the type selected with the schema.
  func read(
    _ bytes: UnsafeRawBufferPointer, _ schema: ProtobufSchema, _ indexes: [Int32]
  ) throws(SchemaFault) -> Document {
    guard let reader else { throw SchemaFault("no memory to read it") }
    var json: UnsafePointer<CChar>?
    var name: UnsafePointer<CChar>?
    var length = 0
    let code = sg_proto_read(
      reader, schema.schema, indexes, indexes.count, bytes.baseAddress, bytes.count, JSONOutput.limit, &json, &length,
      &name)
    switch Int(code) {
    case Int(SG_PROTO_OK):
      let text = UnsafeRawBufferPointer(start: name, count: name.map(Self.length) ?? 0)
      return Document(json: UnsafeRawBufferPointer(start: json, count: length), name: text)
    case Int(SG_PROTO_DEEP): throw SchemaFault("it is nested too deeply")
    case Int(SG_PROTO_LARGE): throw SchemaFault("as JSON it is larger than \(JSONOutput.limit >> 20) MiB")
    case Int(SG_PROTO_NO_MESSAGE): throw SchemaFault("it is of a message that the schema does not have")
    case Int(SG_PROTO_NO_MEMORY): throw SchemaFault("no memory to read it")
    default: throw SchemaFault("its bytes are no such message")
    }
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}
