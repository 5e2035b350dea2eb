import Core

/// Converts a record in Avro's binary encoding to JSON. Apache Avro 1.11, "Binary Encoding".
///
/// The input is untrusted: every length is checked against the remaining bytes, nesting and output are limited, and no memory is allocated
/// from a length in the record.
struct AvroReader {
  /// Maximum nesting of records, arrays and maps, in schemas and in messages.
  static let deepest = 60
  /// The maximum number of list elements without bytes: a record of a few bytes may claim any number.
  private static let mostEmpty = 10_000

  enum Fault: Error {
    case cut, number, branch, symbol, length, depth, size, rest

    var sentence: String {
      switch self {
      case .cut: "it ends too early"
      case .number: "a number has more than 64 bits"
      case .branch: "it chooses a branch that its union does not have"
      case .symbol: "it names a symbol that its enum does not have"
      case .length: "a length is negative or too large"
      case .depth: "it is nested deeper than \(AvroReader.deepest) levels"
      case .size: "as JSON it is larger than \(JSONOutput.limit >> 20) MiB"
      case .rest: "bytes are left over at its end"
      }
    }
  }

  private var position: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  private let nodes: UnsafePointer<AvroSchema.Node>
  private let children: UnsafePointer<Int32>?
  private let fields: UnsafePointer<AvroSchema.Field>?
  private let texts: UnsafePointer<UInt8>?
  private let spans: UnsafePointer<AvroSchema.Span>?
  private let output: JSONOutput
  private var emptyElements = 0

  /// Appends the record to the output. Returns the index of the record's name in the schema's texts, or −1 if it is not a record.
  static func read(
    _ bytes: UnsafeRawBufferPointer, _ schema: AvroSchema, into output: JSONOutput
  ) throws(Fault) -> Int32 {
    // An empty buffer may have no address.
    var none: UInt8 = 0
    return try withUnsafePointer(to: &none) { (none) throws(Fault) -> Int32 in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? none
      return try schema.withPointers { (nodes, children, fields, texts, spans) throws(Fault) -> Int32 in
        var reader = AvroReader(
          position: start, end: start + bytes.count, nodes: nodes, children: children, fields: fields, texts: texts,
          spans: spans, output: output)
        let name = try reader.root(schema.root)
        if output.isFull { throw .size }
        if reader.position != reader.end { throw .rest }
        return name
      }
    }
  }

  private mutating func root(_ root: Int32) throws(Fault) -> Int32 {
    var node = nodes[Int(root)]
    if node.kind == .union { node = nodes[Int(try branch(node))] }
    try value(node, depth: 0)
    return node.kind == .record ? node.extra : -1
  }

  private func text(_ index: Int32) {
    guard let spans, let texts else { return }
    let span = spans[Int(index)]
    output.append(texts + Int(span.start), Int(span.count))
  }

  /// A variable-length zigzag number.
  private mutating func long() throws(Fault) -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = position[0]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
      shift += 7
      if shift > 63 { throw .number }
    }
    throw .cut
  }

  private mutating func take(_ count: Int) throws(Fault) -> UnsafePointer<UInt8> {
    guard count >= 0, count <= end - position else { throw count < 0 ? .length : .cut }
    defer { position += count }
    return position
  }

  private mutating func counted() throws(Fault) -> (UnsafePointer<UInt8>, Int) {
    let length = try long()
    guard length >= 0, length <= end - position else { throw length < 0 ? .length : .cut }
    return (try take(Int(length)), Int(length))
  }

  private mutating func branch(_ node: AvroSchema.Node) throws(Fault) -> Int32 {
    let chosen = try long()
    guard chosen >= 0, chosen < node.count, let children else { throw .branch }
    return children[Int(node.first) + Int(chosen)]
  }

  private mutating func value(_ node: AvroSchema.Node, depth: Int) throws(Fault) {
    if output.isFull { throw .size }
    switch node.kind {
    case .null: output.append("null")
    case .boolean: output.append(try take(1)[0] == 0 ? "false" : "true")
    case .int, .long: output.append(integer: try long())
    case .float: output.append(number: Float(bitPattern: UInt32(truncatingIfNeeded: try word(4))))
    case .double: output.append(number: Double(bitPattern: try word(8)))
    case .string:
      let (start, count) = try counted()
      output.append(string: start, count)
    case .bytes:
      let (start, count) = try counted()
      output.append(base64: start, count)
    case .fixed: output.append(base64: try take(Int(node.count)), Int(node.count))
    case .enumeration:
      let symbol = try long()
      guard symbol >= 0, symbol < node.count else { throw .symbol }
      text(node.first + Int32(symbol))
    case .union: try union(node, depth: depth)
    case .array, .map: try list(node, depth: depth)
    case .record: try record(node, isTagged: false, depth: depth)
    default: try logical(node)
    }
  }

  private mutating func union(_ node: AvroSchema.Node, depth: Int) throws(Fault) {
    let chosen = nodes[Int(try branch(node))]
    // A union inside a union is not allowed, but a schema may contain one.
    if chosen.kind == .record { return try record(chosen, isTagged: node.isTagged, depth: depth) }
    try value(chosen, depth: depth)
  }

  private mutating func record(_ node: AvroSchema.Node, isTagged: Bool, depth: Int) throws(Fault) {
    guard depth < Self.deepest else { throw .depth }
    output.append(UInt8(ascii: "{"))
    if isTagged {
      output.append("\"@type\":\"")
      text(node.extra)
      output.append(UInt8(ascii: "\""))
    }
    for index in 0..<Int(node.count) {
      guard let fields else { break }
      if index > 0 || isTagged { output.append(UInt8(ascii: ",")) }
      let field = fields[Int(node.first) + index]
      text(field.text)
      try value(nodes[Int(field.node)], depth: depth + 1)
    }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func list(_ node: AvroSchema.Node, depth: Int) throws(Fault) {
    guard depth < Self.deepest else { throw .depth }
    let isMap = node.kind == .map
    let item = nodes[Int(node.first)]
    output.append(UInt8(ascii: isMap ? "{" : "["))
    var isFirst = true
    while true {
      var count = try long()
      if count == 0 { break }
      if count < 0 {
        // The block's length in bytes follows, for readers that skip it.
        guard count > -(1 << 40) else { throw .length }
        count = -count
        _ = try long()
      }
      for _ in 0..<count {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        if isMap {
          let (start, length) = try counted()
          output.append(string: start, length)
          output.append(UInt8(ascii: ":"))
        }
        let start = position
        try value(item, depth: depth + 1)
        if position == start { emptyElements += 1 }
        if emptyElements > Self.mostEmpty { throw .length }
      }
    }
    output.append(UInt8(ascii: isMap ? "}" : "]"))
  }

  /// Little-endian.
  private mutating func word(_ count: Int) throws(Fault) -> UInt64 {
    let start = try take(count)
    return (0..<count).reduce(0) { $0 | UInt64(start[$1]) << UInt64(8 * $1) }
  }

  private mutating func logical(_ node: AvroSchema.Node) throws(Fault) {
    let values = AvroValues(output: output)
    switch node.kind {
    case .date: values.append(date: try long())
    case .timeMillis: values.append(timeOfDay: try long(), perSecond: 1000)
    case .timeMicros: values.append(timeOfDay: try long(), perSecond: 1_000_000)
    case .timestampMillis: values.append(timestamp: try long(), perSecond: 1000)
    case .timestampMicros: values.append(timestamp: try long(), perSecond: 1_000_000)
    case .timestampNanos: values.append(timestamp: try long(), perSecond: 1_000_000_000)
    case .localMillis: values.append(timestamp: try long(), perSecond: 1000, isLocal: true)
    case .localMicros: values.append(timestamp: try long(), perSecond: 1_000_000, isLocal: true)
    case .localNanos: values.append(timestamp: try long(), perSecond: 1_000_000_000, isLocal: true)
    case .decimal:
      let (start, count) = try counted()
      values.append(decimal: UnsafeBufferPointer(start: start, count: count), scale: Int(node.extra))
    case .fixedDecimal:
      let bytes = UnsafeBufferPointer(start: try take(Int(node.count)), count: Int(node.count))
      values.append(decimal: bytes, scale: Int(node.extra))
    case .fixedUUID: values.append(uuid: UnsafeRawBufferPointer(start: try take(16), count: 16))
    default:
      output.append("{\"months\":")
      output.append(integer: Int64(try word(4)))
      output.append(",\"days\":")
      output.append(integer: Int64(try word(4)))
      output.append(",\"millis\":")
      output.append(integer: Int64(try word(4)))
      output.append(UInt8(ascii: "}"))
    }
  }
}

extension AvroSchema {
  /// Gives access to the arrays through pointers, because elements are read for every field of every message.
  fileprivate func withPointers<Result>(
    _ body: (
      UnsafePointer<Node>, UnsafePointer<Int32>?, UnsafePointer<Field>?, UnsafePointer<UInt8>?, UnsafePointer<Span>?
    ) throws(AvroReader.Fault) -> Result
  ) throws(AvroReader.Fault) -> Result {
    try nodes.withUnsafeBufferPointer { (nodes) throws(AvroReader.Fault) -> Result in
      try children.withUnsafeBufferPointer { (children) throws(AvroReader.Fault) -> Result in
        try fields.withUnsafeBufferPointer { (fields) throws(AvroReader.Fault) -> Result in
          try texts.withUnsafeBufferPointer { (texts) throws(AvroReader.Fault) -> Result in
            try spans.withUnsafeBufferPointer { (spans) throws(AvroReader.Fault) -> Result in
              guard let start = nodes.baseAddress else { throw .branch }
              return try body(
                start, children.baseAddress, fields.baseAddress, texts.baseAddress, spans.baseAddress)
            }
          }
        }
      }
    }
  }
}

/// Writes Avro's logical values: times in ISO 8601, decimals with all digits. A value outside of the supported range remains a number.
struct AvroValues {
  private static let years: ClosedRange<Int64> = 0...9999
  private static let longestDecimal = 64

  let output: JSONOutput

  func append(date days: Int64) {
    let (year, month, day) = Self.civil(days)
    guard Self.years.contains(year) else { return output.append(integer: days) }
    output.append(UInt8(ascii: "\""))
    append(year, month, day)
    output.append(UInt8(ascii: "\""))
  }

  private func append(_ year: Int64, _ month: Int64, _ day: Int64) {
    output.append(year, digits: 4)
    output.append(UInt8(ascii: "-"))
    output.append(month, digits: 2)
    output.append(UInt8(ascii: "-"))
    output.append(day, digits: 2)
  }

  func append(timeOfDay units: Int64, perSecond: Int64) {
    guard units >= 0, units / perSecond < 86_400 else { return output.append(integer: units) }
    output.append(UInt8(ascii: "\""))
    append(secondOfDay: units / perSecond, units % perSecond, perSecond)
    output.append(UInt8(ascii: "\""))
  }

  private func append(secondOfDay seconds: Int64, _ fraction: Int64, _ perSecond: Int64) {
    output.append(seconds / 3600, digits: 2)
    output.append(UInt8(ascii: ":"))
    output.append(seconds / 60 % 60, digits: 2)
    output.append(UInt8(ascii: ":"))
    output.append(seconds % 60, digits: 2)
    output.append(UInt8(ascii: "."))
    output.append(fraction, digits: perSecond == 1000 ? 3 : perSecond == 1_000_000 ? 6 : 9)
  }

  /// `isLocal`: without a time zone.
  func append(timestamp units: Int64, perSecond: Int64, isLocal: Bool = false) {
    let (seconds, fraction) = Self.floor(units, perSecond)
    let (days, second) = Self.floor(seconds, 86_400)
    let (year, month, day) = Self.civil(days)
    guard Self.years.contains(year) else { return output.append(integer: units) }
    output.append(UInt8(ascii: "\""))
    append(year, month, day)
    output.append(UInt8(ascii: "T"))
    append(secondOfDay: second, fraction, perSecond)
    if !isLocal { output.append(UInt8(ascii: "Z")) }
    output.append(UInt8(ascii: "\""))
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }

  /// The Gregorian date for days since 1 January 1970; year −1 for values outside of the range.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    guard days.magnitude < 1 << 40 else { return (-1, 1, 1) }
    // Counted from 1 March of year 0 in eras of 400 years.
    let (era, dayOfEra) = floor(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = yearOfEra + era * 400
    return (month < 10 ? year : year + 1, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
  }

  /// Big-endian two's complement.
  func append(decimal bytes: UnsafeBufferPointer<UInt8>, scale: Int) {
    guard let first = bytes.first else { return output.append("null") }
    guard bytes.count <= Self.longestDecimal else {
      if let start = bytes.baseAddress { output.append(base64: start, bytes.count) }
      return
    }
    let isNegative = first >= 0x80
    var digits = Self.digits(isNegative ? Self.negated(bytes) : Array(bytes))
    if digits.count <= scale { digits = [UInt8](repeating: 0, count: scale + 1 - digits.count) + digits }
    if isNegative { output.append(UInt8(ascii: "-")) }
    for (place, digit) in digits.enumerated() {
      if place == digits.count - scale { output.append(UInt8(ascii: ".")) }
      output.append(UInt8(ascii: "0") + digit)
    }
  }

  private static func negated(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result = bytes.map { ~$0 }
    for place in result.indices.reversed() {
      result[place] &+= 1
      if result[place] != 0 { break }
    }
    return result
  }

  /// Decimal digits without leading zeros; a single zero for empty input.
  private static func digits(_ magnitude: [UInt8]) -> [UInt8] {
    var rest = magnitude[...].drop { $0 == 0 }.map(Int.init)
    var digits: [UInt8] = []
    while !rest.isEmpty {
      var carry = 0
      for place in rest.indices {
        carry = carry << 8 | rest[place]
        rest[place] = carry / 10
        carry %= 10
      }
      digits.append(UInt8(carry))
      rest = Array(rest.drop { $0 == 0 })
    }
    return digits.isEmpty ? [0] : digits.reversed()
  }

  func append(uuid bytes: UnsafeRawBufferPointer) {
    output.append(UInt8(ascii: "\""))
    output.append(String(decoding: MessageID.guid(bytes: bytes), as: UTF8.self))
    output.append(UInt8(ascii: "\""))
  }
}
