import Glibc

/// Encodes fields of Kafka's requests.
package struct KafkaBytes {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func add(_ text: String) {
    add(Int16(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func add(field: [UInt8]) {
    add(Int32(field.count))
    bytes.append(contentsOf: field)
  }

  /// With a length prefix.
  package var frame: [UInt8] {
    var frame = KafkaBytes()
    frame.add(field: bytes)
    return frame.bytes
  }
}

/// Decodes fields of Kafka's requests and responses. Missing fields are zero or empty.
package struct KafkaFields {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(Array(bytes)) }

  package mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
    let size = Number.bitWidth / 8
    defer { rest = rest.dropFirst(size) }
    return rest.prefix(size).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  package mutating func text() -> String {
    let length = max(0, Int(number(Int16.self)))
    defer { rest = rest.dropFirst(length) }
    return String(decoding: rest.prefix(length), as: UTF8.self)
  }
}

/// A group member with arbitrary metadata. It remains until its session of one minute expires.
package final class OddMember {
  private let descriptor: Int32
  private var correlation: Int32 = 0

  /// Joins the group and assigns itself the given bytes.
  package init(port: UInt16, group: String, assignment: [UInt8]) throws {
    guard let descriptor = LoopbackPort.connected(to: port) else { throw TestFailure("no connection to \(port)") }
    self.descriptor = descriptor
    var joined = try join(group, member: "")
    // Newer servers first return a member id and require it in a second request.
    if joined.error != 0 { joined = try join(group, member: joined.member) }
    guard joined.error == 0 else { throw TestFailure("joining \(group): error \(joined.error)") }
    var body = KafkaBytes()
    body.add(group)
    body.add(joined.generation)
    body.add(joined.member)
    body.add(Int32(1))
    body.add(joined.member)
    body.add(field: assignment)
    var answer = try call(key: 14, version: 1, body)
    _ = answer.number(Int32.self)
    let error = answer.number(Int16.self)
    guard error == 0 else { throw TestFailure("assigning \(group): error \(error)") }
  }

  deinit { close(descriptor) }

  private func join(_ group: String, member: String) throws -> (error: Int16, generation: Int32, member: String) {
    var body = KafkaBytes()
    body.add(group)
    body.add(Int32(60_000))
    body.add(Int32(60_000))
    body.add(member)
    body.add("consumer")
    body.add(Int32(1))
    body.add("range")
    body.add(field: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    var answer = try call(key: 11, version: 2, body)
    _ = answer.number(Int32.self)
    let (error, generation) = (answer.number(Int16.self), answer.number(Int32.self))
    _ = (answer.text(), answer.text())
    return (error, generation, answer.text())
  }

  private func call(key: Int16, version: Int16, _ body: KafkaBytes) throws -> KafkaFields {
    correlation += 1
    var request = KafkaBytes()
    request.add(key)
    request.add(version)
    request.add(correlation)
    request.add("odd")
    let frame = KafkaFrame.request(request, body)
    guard send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL)) == frame.count,
      let answer = KafkaFrame.read(from: descriptor)
    else { throw TestFailure("no answer to request \(key)") }
    return KafkaFields(answer.dropFirst(8))
  }
}

extension KafkaFrame {
  static func request(_ header: KafkaBytes, _ body: KafkaBytes) -> [UInt8] {
    var whole = KafkaBytes()
    whole.add(field: header.bytes + body.bytes)
    return whole.bytes
  }
}
