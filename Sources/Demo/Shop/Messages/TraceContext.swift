/// Zipkin's trace context in its single `b3` header: trace, span, sampled, parent.
struct TraceContext: Equatable {
  let trace: String
  let span: String
  let parent: String?

  var header: String { "\(trace)-\(span)-1" + (parent.map { "-" + $0 } ?? "") }

  /// The root of an order's trace.
  init(orderId: Int, chance: SeededChance) {
    trace = Self.hexadecimal(chance.bits(orderId, "trace high")) + Self.hexadecimal(chance.bits(orderId, "trace low"))
    span = Self.hexadecimal(chance.bits(orderId, "root span"))
    parent = nil
  }

  private init(trace: String, span: String, parent: String) {
    self.trace = trace
    self.span = span
    self.parent = parent
  }

  /// Reads a `b3` header; nil when it is not one.
  init?(header: String) {
    let parts = header.split(separator: "-").map(String.init)
    guard parts.count >= 2, [16, 32].contains(parts[0].count), parts[1].count == 16,
      parts[0].allSatisfy(\.isHexDigit), parts[1].allSatisfy(\.isHexDigit)
    else { return nil }
    self.init(trace: parts[0], span: parts[1], parent: parts.count > 3 ? parts[3] : parts[1])
  }

  /// A span for publishing on `topic`, below this one.
  func child(orderId: Int, topic: Topic, chance: SeededChance) -> TraceContext {
    TraceContext(
      trace: trace, span: Self.hexadecimal(chance.bits(orderId, "span " + topic.rawValue)), parent: span)
  }

  static func hexadecimal(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
