/// The schema of an event in one language and version.
struct EventSchema {
  enum Language: String {
    case avro = "AVRO"
    case protobuf = "PROTOBUF"
  }

  enum Kind {
    case integer
    case text
    /// An amount with two decimals.
    case money
    /// Milliseconds since 1970.
    case time
    /// One of `channels`, a separate schema that this one references.
    case channel
  }

  struct Field {
    let name: String
    let kind: Kind
    /// The Protobuf field number.
    let number: Int
  }

  static let channels = ["WEB", "APP"]

  let topic: Topic
  let version: Int

  var language: Language {
    switch topic.step {
    case "payment", "delivery": .protobuf
    default: .avro
    }
  }

  var subject: String { topic.rawValue + "-value" }

  /// Version 2 has an additional first field, so that decoding with the wrong version fails.
  var fields: [Field] {
    let channel = version > 1 ? [Field(name: "channel", kind: .channel, number: 15)] : []
    return channel
      + Self.names(topic).enumerated().map { place, field in
        Field(name: field.0, kind: field.1, number: place + 1)
      }
  }

  private static func names(_ topic: Topic) -> [(String, Kind)] {
    let order: [(String, Kind)] = [("orderId", .integer), ("timestamp", .time)]
    let product: [(String, Kind)] = [("productId", .integer), ("quantity", .integer)]
    let amounts: [(String, Kind)] = [("userId", .integer), ("unitPrice", .money), ("totalPrice", .money)]
    switch topic {
    case .orderCreated: return order + product + amounts + [("productName", .text)]
    case .inventoryReserved: return order + product + amounts
    case .inventoryFailed, .paymentFailed: return order + product + [("reason", .text)]
    case .inventoryReleased: return order + product
    case .orderCancelled: return order + [("reason", .text)]
    case .paymentCompleted: return order + [("paymentId", .integer), ("amount", .money)]
    case .deliveryStarted, .deliveryCompleted: return order + [("deliveryId", .integer)]
    }
  }

  private var typeName: String { topic.typeId.split(separator: ".").last.map(String.init) ?? "Event" }

  var text: String { language == .avro ? avro : protobuf }

  private var avro: String {
    let fields = fields.map { field in
      let type: JSON =
        switch field.kind {
        case .integer: .string("long")
        case .text: .string("string")
        case .money:
          .members([
            "type": .string("bytes"), "logicalType": .string("decimal"), "precision": .integer(12),
            "scale": .integer(2),
          ])
        case .time: .members(["type": .string("long"), "logicalType": .string("timestamp-millis")])
        case .channel: .string("com.shop.Channel")
        }
      let isNeeded = field.name == "orderId"
      return JSON.members([
        "name": .string(field.name), "type": isNeeded ? type : .array([.string("null"), type]),
      ])
    }
    return JSON.members([
      "type": .string("record"), "name": .string(typeName), "namespace": .string("com.shop.\(topic.step)"),
      "fields": .array(fields),
    ]).text
  }

  private var protobuf: String {
    let imports = version > 1 ? "import \"shop/channel.proto\";\n" : ""
    let lines = fields.map { field in
      let type =
        switch field.kind {
        case .integer: "int64"
        case .text: "string"
        case .money: "Money"
        case .time: "google.protobuf.Timestamp"
        case .channel: ".shop.Channel"
        }
      return "  optional \(type) \(field.name) = \(field.number);\n"
    }
    return """
      syntax = "proto3";
      package com.shop.\(topic.step);
      import "google/protobuf/timestamp.proto";
      \(imports)message Money { int64 cents = 1; string currency = 2; }
      message \(typeName) {
      \(lines.joined())}

      """
  }

  /// The separate schema of `channels`.
  static func channel(_ language: Language) -> (subject: String, name: String, text: String) {
    switch language {
    case .avro:
      let schema = JSON.members([
        "type": .string("enum"), "name": .string("Channel"), "namespace": .string("com.shop"),
        "symbols": .array(channels.map(JSON.string)),
      ])
      return ("com.shop.Channel", "com.shop.Channel", schema.text)
    case .protobuf:
      let values = channels.enumerated().map { "\($1) = \($0);" }.joined(separator: " ")
      return ("shop/channel", "shop/channel.proto", "syntax = \"proto3\";\npackage shop;\nenum Channel { \(values) }\n")
    }
  }
}

/// Varint encodings used by both languages.
enum Varint {
  static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func take(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  static func appendZigzag(_ value: Int64, to bytes: inout [UInt8]) {
    append(UInt64(bitPattern: value << 1 ^ value >> 63), to: &bytes)
  }

  static func takeZigzag(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
    take(&bytes).map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }
}

/// Converts amounts between decimals and hundredths.
enum Cents {
  static func of(_ value: JSON) -> Int64? {
    guard case .number(let digits) = value else { return nil }
    let parts = digits.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first.flatMap({ Int64($0) }) else { return nil }
    let fraction = parts.count > 1 ? String(parts[1].prefix(2)) : ""
    return whole * 100 + (Int64((fraction + "00").prefix(2)) ?? 0)
  }

  static func json(_ cents: Int64) -> JSON {
    let fraction = String(cents.magnitude % 100)
    return .number("\(cents / 100).\(fraction.count < 2 ? "0" : "")\(fraction)")
  }
}
