/// A trace id of 128 bits, or of 64 bits from older tracers.
package struct TraceID: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The id in the value of a W3C `traceparent`, a B3 single header, Jaeger's `uber-trace-id`, or an id alone: 8 to 32 hexadecimal digits,
  /// also as a GUID. `nil` for everything else, and for the id of zeros, which is invalid.
  package init?(header: some Collection<UInt8>) {
    // Called for each message. For speed, the rest is implemented for contiguous bytes only.
    let id =
      header.withContiguousStorageIfAvailable { Self(bytes: $0) }
      ?? Array(header).withUnsafeBufferPointer {
        Self(bytes: $0)
      }
    guard let id else { return nil }
    self = id
  }

  private init?(bytes: UnsafeBufferPointer<UInt8>) {
    let dash = UInt8(ascii: "-"), colon = UInt8(ascii: ":")
    if Self.isGUID(bytes) {
      let digits = bytes.filter { $0 != dash }
      guard let id = digits.withUnsafeBufferPointer({ Self(digits: $0[...]) }) else { return nil }
      self = id
      return
    }
    let first = bytes.prefix { $0 != dash && $0 != colon }
    guard first.count == 2, first.count < bytes.count else {
      self.init(digits: first)
      return
    }
    let id = bytes.dropFirst(3).prefix { $0 != dash }
    guard id.count == 32, bytes.dropFirst(2).first == dash else { return nil }
    self.init(digits: id)
  }

  private init?(digits: Slice<UnsafeBufferPointer<UInt8>>) {
    let count = digits.count
    guard (8...32).contains(count) else { return nil }
    var (high, low) = (UInt64(0), UInt64(0))
    for digit in digits {
      guard let value = Self.value(of: digit) else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | value
    }
    guard high != 0 || low != 0 else { return nil }
    self.init(high: high, low: low)
  }

  private static func isGUID(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == 36 else { return false }
    return bytes.indices.allSatisfy { place in
      (place == 8 || place == 13 || place == 18 || place == 23) == (bytes[place] == UInt8(ascii: "-"))
    }
  }

  private static func value(of digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// 32 hexadecimal digits, or 16 for a 64-bit id.
  package var text: String {
    let count = high == 0 ? 16 : 32
    return String(unsafeUninitializedCapacity: count) { buffer in
      for place in 0..<count {
        let shift = UInt64((count - 1 - place) % 16 * 4)
        let digit = UInt8((place < count - 16 ? high : low) >> shift & 0xf)
        buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return count
    }
  }
}

/// A trace of a saga's events.
struct SagaTrace: Hashable, Sendable {
  /// Only the latest ones are stored.
  static let most = 8

  var id: TraceID
  /// Time of the saga's latest event with this id.
  var last: Timestamp

  /// Adds an event's trace. The result does not depend on the order of events.
  static func add(_ id: TraceID, at time: Timestamp, to traces: inout [SagaTrace]) {
    if let place = traces.firstIndex(where: { $0.id == id }) {
      guard traces[place].last < time else { return }
      traces[place].last = time
    } else {
      traces.append(SagaTrace(id: id, last: time))
    }
    guard traces.count > 1 else { return }
    traces.sort { ($0.last, $0.id.high, $0.id.low) < ($1.last, $1.id.high, $1.id.low) }
    if traces.count > most { traces.removeFirst() }
  }
}
