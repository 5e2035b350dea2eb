/// Encodes and decodes events by a schema. It is independent of sagatop's decoders.
struct EventCodec {
  let schema: EventSchema

  func encode(_ body: JSON) -> [UInt8] {
    schema.language == .avro ? avro(body) : protobuf(body)
  }

  /// `nil` if the bytes do not match the schema.
  func decode(_ bytes: ArraySlice<UInt8>) -> JSON? {
    schema.language == .avro ? readAvro(bytes) : readProtobuf(bytes)
  }

  // MARK: Avro binary encoding

  private func avro(_ body: JSON) -> [UInt8] {
    var bytes: [UInt8] = []
    for field in schema.fields {
      let value = body[field.name].flatMap { $0 == .null ? nil : $0 }
      // The index of the branch in the union.
      if field.name != "orderId" { Varint.appendZigzag(value == nil ? 0 : 1, to: &bytes) }
      if let value { appendAvro(value, field.kind, to: &bytes) }
    }
    return bytes
  }

  private func appendAvro(_ value: JSON, _ kind: EventSchema.Kind, to bytes: inout [UInt8]) {
    switch kind {
    case .integer, .time: Varint.appendZigzag(Int64(value.integerValue ?? 0), to: &bytes)
    case .text:
      let text = Array((value.stringValue ?? "").utf8)
      Varint.appendZigzag(Int64(text.count), to: &bytes)
      bytes += text
    case .money:
      // Two's complement, big-endian.
      let cents = Cents.of(value) ?? 0
      Varint.appendZigzag(8, to: &bytes)
      for shift in stride(from: Int64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: cents >> shift))
      }
    case .channel:
      Varint.appendZigzag(Int64(EventSchema.channels.firstIndex(of: value.stringValue ?? "") ?? 0), to: &bytes)
    }
  }

  private func readAvro(_ bytes: ArraySlice<UInt8>) -> JSON? {
    var rest = bytes
    var members: [JSON.Member] = []
    for field in schema.fields {
      if field.name != "orderId" {
        guard let branch = Varint.takeZigzag(&rest), branch == 0 || branch == 1 else { return nil }
        if branch == 0 { continue }
      }
      guard let value = takeAvro(field.kind, from: &rest) else { return nil }
      members.append(JSON.Member(name: field.name, value: value))
    }
    return rest.isEmpty ? .object(members) : nil
  }

  private func takeAvro(_ kind: EventSchema.Kind, from bytes: inout ArraySlice<UInt8>) -> JSON? {
    guard let number = Varint.takeZigzag(&bytes) else { return nil }
    switch kind {
    case .integer, .time: return .integer(Int(number))
    case .channel:
      return EventSchema.channels.indices.contains(Int(number)) ? .string(EventSchema.channels[Int(number)]) : nil
    case .text, .money:
      guard number >= 0, number <= bytes.count else { return nil }
      let part = bytes.prefix(Int(number))
      bytes = bytes.dropFirst(Int(number))
      if kind == .text { return .string(String(decoding: part, as: UTF8.self)) }
      return Cents.json(part.reduce(part.first.map { $0 >= 0x80 } ?? false ? -1 : 0) { $0 << 8 | Int64($1) })
    }
  }

  // MARK: Protobuf wire format

  private static let number: UInt64 = 0
  private static let bytes: UInt64 = 2

  private func protobuf(_ body: JSON) -> [UInt8] {
    var bytes: [UInt8] = []
    for field in schema.fields {
      guard let value = body[field.name], value != .null else { continue }
      switch field.kind {
      case .integer: Self.append(field.number, UInt64(bitPattern: Int64(value.integerValue ?? 0)), to: &bytes)
      case .channel:
        let place = EventSchema.channels.firstIndex(of: value.stringValue ?? "") ?? 0
        Self.append(field.number, UInt64(place), to: &bytes)
      case .text: Self.append(field.number, Array((value.stringValue ?? "").utf8), to: &bytes)
      case .money:
        var money: [UInt8] = []
        Self.append(1, UInt64(bitPattern: Cents.of(value) ?? 0), to: &money)
        Self.append(2, Array("KRW".utf8), to: &money)
        Self.append(field.number, money, to: &bytes)
      case .time:
        let milliseconds = value.integerValue ?? 0
        var time: [UInt8] = []
        Self.append(1, UInt64(milliseconds / 1000), to: &time)
        Self.append(2, UInt64(milliseconds % 1000 * 1_000_000), to: &time)
        Self.append(field.number, time, to: &bytes)
      }
    }
    return bytes
  }

  private static func append(_ field: Int, _ value: UInt64, to bytes: inout [UInt8]) {
    Varint.append(UInt64(field) << 3 | number, to: &bytes)
    Varint.append(value, to: &bytes)
  }

  private static func append(_ field: Int, _ value: [UInt8], to bytes: inout [UInt8]) {
    Varint.append(UInt64(field) << 3 | Self.bytes, to: &bytes)
    Varint.append(UInt64(value.count), to: &bytes)
    bytes += value
  }

  private func readProtobuf(_ bytes: ArraySlice<UInt8>) -> JSON? {
    guard let values = Self.values(bytes) else { return nil }
    var members: [JSON.Member] = []
    for field in schema.fields {
      guard let value = values[field.number].flatMap({ json($0, field.kind) }) else { continue }
      members.append(JSON.Member(name: field.name, value: value))
    }
    return .object(members)
  }

  private enum Value {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private func json(_ value: Value, _ kind: EventSchema.Kind) -> JSON? {
    switch (value, kind) {
    case (.number(let number), .integer): return .integer(Int(Int64(bitPattern: number)))
    case (.number(let number), .channel):
      return EventSchema.channels.indices.contains(Int(number)) ? .string(EventSchema.channels[Int(number)]) : nil
    case (.bytes(let text), .text): return .string(String(decoding: text, as: UTF8.self))
    case (.bytes(let bytes), .money):
      guard case .number(let cents) = Self.values(bytes)?[1] else { return nil }
      return Cents.json(Int64(bitPattern: cents))
    case (.bytes(let bytes), .time):
      let parts = Self.values(bytes)
      guard case .number(let seconds) = parts?[1] else { return nil }
      var nanoseconds: UInt64 = 0
      if case .number(let number) = parts?[2] { nanoseconds = number }
      return .integer(Int(seconds) * 1000 + Int(nanoseconds / 1_000_000))
    default: return nil
    }
  }

  /// Values by field number.
  private static func values(_ bytes: ArraySlice<UInt8>) -> [Int: Value]? {
    var rest = bytes
    var values: [Int: Value] = [:]
    while !rest.isEmpty {
      guard let tag = Varint.take(&rest), let value = Varint.take(&rest) else { return nil }
      switch tag & 7 {
      case number: values[Int(tag >> 3)] = .number(value)
      case Self.bytes:
        guard value <= rest.count else { return nil }
        values[Int(tag >> 3)] = .bytes(rest.prefix(Int(value)))
        rest = rest.dropFirst(Int(value))
      default: return nil
      }
    }
    return values
  }
}
