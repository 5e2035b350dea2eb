import Text

/// An Avro schema as a flat list of nodes for `AvroReader`. Immutable.
///
/// Recursive types refer to a previous node. Apache Avro 1.11, "Schema Declaration" and "Logical Types".
final class AvroSchema: Sendable {
  enum Kind: UInt8, Sendable {
    case null, boolean, int, long, float, double, bytes, string, fixed, enumeration, array, map, union, record
    case date, timeMillis, timeMicros, timestampMillis, timestampMicros, timestampNanos
    case localMillis, localMicros, localNanos, decimal, fixedDecimal, fixedUUID, fixedDuration
  }

  struct Node: Sendable {
    var kind: Kind
    /// Arrays and maps: node of the elements. Enums: first of the texts. Unions: first of `children`. Records: first of `fields`.
    var first: Int32 = 0
    /// Number of symbols, branches or fields; size in bytes of fixed types.
    var count: Int32 = 0
    /// Scale of a decimal; index of a record's name in the texts.
    var extra: Int32 = 0
    /// A union of several records: `@type` in the output contains the record's name.
    var isTagged = false
  }

  struct Field: Sendable {
    /// Index of the text with its JSON member name: `"orderId":`.
    var text: Int32
    var node: Int32
  }

  struct Span: Sendable {
    var start: Int32
    var count: Int32
  }

  let root: Int32
  let nodes: [Node]
  let children: [Int32]
  let fields: [Field]
  /// Names and symbols in JSON notation, concatenated.
  let texts: [UInt8]
  let spans: [Span]

  /// `references` are the schemas with types that it uses, each after its own references. Throws a sentence with the problem.
  init(_ text: [UInt8], references: [[UInt8]] = []) throws(SchemaFault) {
    var compiler = AvroCompiler()
    for reference in references { _ = try compiler.compile(reference) }
    root = try compiler.compile(text)
    nodes = compiler.nodes
    children = compiler.children
    fields = compiler.fields
    texts = compiler.texts
    spans = compiler.spans
  }

  /// Approximate memory in bytes.
  var size: Int { nodes.count * 20 + children.count * 4 + fields.count * 8 + texts.count + spans.count * 8 }
}

/// Why a schema cannot be used, as part of a sentence.
struct SchemaFault: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Compiles several schemas into one list of nodes.
private struct AvroCompiler {
  private static let mostNodes = 100_000
  /// A level of records takes three or four levels of JSON.
  private static let deepestJSON = 512
  private static let largestScale: Int64 = 100

  private(set) var nodes: [AvroSchema.Node] = []
  private(set) var children: [Int32] = []
  private(set) var fields: [AvroSchema.Field] = []
  private(set) var texts: [UInt8] = []
  private(set) var spans: [AvroSchema.Span] = []
  private var named: [String: Int32] = [:]
  /// The number of records, arrays and maps around the current type.
  private var depth = 0

  mutating func compile(_ text: [UInt8]) throws(SchemaFault) -> Int32 {
    guard let value = JSONValue(text, deepest: Self.deepestJSON) else {
      // A schema may be the plain name of a primitive type.
      let name = String(decoding: text, as: UTF8.self)
      if let kind = Self.primitives[name] { return try add(.init(kind: kind)) }
      throw SchemaFault("it is no JSON, or its types are nested deeper than \(AvroReader.deepest) levels")
    }
    return try node(value, namespace: "")
  }

  private mutating func add(_ node: AvroSchema.Node) throws(SchemaFault) -> Int32 {
    guard nodes.count < Self.mostNodes else { throw SchemaFault("it has more than \(Self.mostNodes) types") }
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  private mutating func text(_ bytes: some Collection<UInt8>) -> Int32 {
    spans.append(.init(start: Int32(clamping: texts.count), count: Int32(clamping: bytes.count)))
    texts += bytes
    return Int32(spans.count - 1)
  }

  private static let primitives: [String: AvroSchema.Kind] = [
    "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double,
    "bytes": .bytes, "string": .string,
  ]

  private mutating func node(_ schema: JSONValue, namespace: String) throws(SchemaFault) -> Int32 {
    switch schema {
    case .string(let name): return try reference(name, namespace: namespace)
    case .array(let branches): return try union(branches, namespace: namespace)
    case .object: return try object(schema, namespace: namespace)
    default: throw SchemaFault("a type is neither a name, an object nor a union")
    }
  }

  private mutating func reference(_ name: String, namespace: String) throws(SchemaFault) -> Int32 {
    if let kind = Self.primitives[name] { return try add(.init(kind: kind)) }
    let full = Self.fullName(name, namespace: namespace)
    guard let node = named[full] ?? named[name] else { throw SchemaFault("the type `\(full)` is not defined") }
    return node
  }

  private static func fullName(_ name: String, namespace: String) -> String {
    name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
  }

  private mutating func union(_ branches: [JSONValue], namespace: String) throws(SchemaFault) -> Int32 {
    var found: [Int32] = []
    for branch in branches { found.append(try node(branch, namespace: namespace)) }
    let first = Int32(children.count)
    children += found
    let records = found.count { nodes[Int($0)].kind == .record }
    return try add(
      .init(kind: .union, first: first, count: Int32(clamping: found.count), isTagged: records > 1))
  }

  private mutating func object(_ schema: JSONValue, namespace: String) throws(SchemaFault) -> Int32 {
    guard let type = schema["type"] else { throw SchemaFault("an object has no `type`") }
    guard let name = type.text else { return try node(type, namespace: namespace) }
    switch name {
    case "record", "error", "array", "map": return try container(name, schema, namespace: namespace)
    case "enum": return try enumeration(schema, namespace: namespace)
    case "fixed": return try fixed(schema, namespace: namespace)
    default:
      guard let kind = Self.primitives[name] else { return try reference(name, namespace: namespace) }
      let scale = Self.scale(schema)
      return try add(.init(kind: Self.logical(kind, schema, scale: scale), extra: scale ?? 0))
    }
  }

  private mutating func container(
    _ type: String, _ schema: JSONValue, namespace: String
  ) throws(SchemaFault) -> Int32 {
    guard depth < AvroReader.deepest else {
      throw SchemaFault("its types are nested deeper than \(AvroReader.deepest) levels")
    }
    depth += 1
    defer { depth -= 1 }
    guard type == "array" || type == "map" else { return try record(schema, namespace: namespace) }
    guard let items = schema[type == "array" ? "items" : "values"] else {
      throw SchemaFault("an \(type) does not say what it holds")
    }
    let item = try node(items, namespace: namespace)
    return try add(.init(kind: type == "array" ? .array : .map, first: item))
  }

  /// `nil` if the scale is not valid for a decimal.
  private static func scale(_ schema: JSONValue) -> Int32? {
    guard let scale = schema["scale"] else { return 0 }
    return scale.scalar.flatMap { Int64($0) }.flatMap { (0...largestScale).contains($0) ? Int32($0) : nil }
  }

  /// An unknown or mismatched logical type is ignored.
  private static func logical(_ kind: AvroSchema.Kind, _ schema: JSONValue, scale: Int32?) -> AvroSchema.Kind {
    switch (kind, schema["logicalType"]?.text) {
    case (.int, "date"): .date
    case (.int, "time-millis"): .timeMillis
    case (.long, "time-micros"): .timeMicros
    case (.long, "timestamp-millis"): .timestampMillis
    case (.long, "timestamp-micros"): .timestampMicros
    case (.long, "timestamp-nanos"): .timestampNanos
    case (.long, "local-timestamp-millis"): .localMillis
    case (.long, "local-timestamp-micros"): .localMicros
    case (.long, "local-timestamp-nanos"): .localNanos
    case (.bytes, "decimal"): scale == nil ? .bytes : .decimal
    default: kind
    }
  }

  /// Registers the name before the content is compiled, because the content may refer to it.
  private mutating func define(
    _ schema: JSONValue, _ node: AvroSchema.Node, namespace: String
  ) throws(SchemaFault) -> (node: Int32, namespace: String) {
    guard let name = schema["name"]?.text, !name.isEmpty else { throw SchemaFault("a named type has no name") }
    let full = Self.fullName(name, namespace: schema["namespace"]?.text ?? namespace)
    let place = try add(node)
    named[full] = place
    nodes[Int(place)].extra = node.kind == .record ? text(Array(JSONString.escaped(full).utf8)) : node.extra
    let inner = full.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".")
    return (place, inner)
  }

  private mutating func record(_ schema: JSONValue, namespace: String) throws(SchemaFault) -> Int32 {
    let (place, inner) = try define(schema, .init(kind: .record), namespace: namespace)
    guard let list = schema["fields"]?.elements else { throw SchemaFault("a record has no `fields`") }
    var found: [AvroSchema.Field] = []
    for field in list {
      guard let name = field["name"]?.text, let type = field["type"] else {
        throw SchemaFault("a field has no name or no type")
      }
      let text = text(Array("\"\(JSONString.escaped(name))\":".utf8))
      found.append(.init(text: text, node: try node(type, namespace: inner)))
    }
    nodes[Int(place)].first = Int32(fields.count)
    nodes[Int(place)].count = Int32(clamping: found.count)
    fields += found
    return place
  }

  private mutating func enumeration(_ schema: JSONValue, namespace: String) throws(SchemaFault) -> Int32 {
    guard let symbols = schema["symbols"]?.elements else { throw SchemaFault("an enum has no `symbols`") }
    let first = Int32(spans.count)
    for symbol in symbols { _ = text(Array("\"\(JSONString.escaped(symbol.text ?? ""))\"".utf8)) }
    let node = AvroSchema.Node(kind: .enumeration, first: first, count: Int32(clamping: symbols.count))
    return try define(schema, node, namespace: namespace).node
  }

  private mutating func fixed(_ schema: JSONValue, namespace: String) throws(SchemaFault) -> Int32 {
    guard let size = schema["size"]?.scalar.flatMap({ Int32($0) }), size >= 0 else {
      throw SchemaFault("a fixed type has no `size`")
    }
    let scale = Self.scale(schema)
    var node = AvroSchema.Node(kind: .fixed, count: size, extra: scale ?? 0)
    switch (schema["logicalType"]?.text, size) {
    case ("decimal", _) where scale != nil: node.kind = .fixedDecimal
    case ("uuid", 16): node.kind = .fixedUUID
    case ("duration", 12): node.kind = .fixedDuration
    default: break
    }
    return try define(schema, node, namespace: namespace).node
  }
}
