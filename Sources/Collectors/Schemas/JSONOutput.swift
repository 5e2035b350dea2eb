import Glibc
import Text

/// A JSON buffer that is reused for each message. Output beyond the limit is dropped, and `isFull` is set. Belongs to one thread.
final class JSONOutput {
  /// The maximum size of one document in bytes.
  static let limit = 8 << 20
  /// A larger buffer is released after use.
  private static let kept = 1 << 20

  private var base: UnsafeMutablePointer<UInt8>
  private var capacity = 1 << 12
  private(set) var count = 0
  private(set) var isFull = false

  init() { base = .allocate(capacity: capacity) }

  deinit { base.deallocate() }

  /// Valid until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  func clear() {
    (count, isFull) = (0, false)
    guard capacity > Self.kept else { return }
    base.deallocate()
    capacity = 1 << 12
    base = .allocate(capacity: capacity)
  }

  private func hasRoom(for more: Int) -> Bool {
    if count + more <= capacity { return true }
    guard count + more <= Self.limit else {
      isFull = true
      return false
    }
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    return true
  }

  func append(_ byte: UInt8) {
    guard hasRoom(for: 1) else { return }
    base[count] = byte
    count += 1
  }

  func append(_ start: UnsafePointer<UInt8>, _ length: Int) {
    guard length > 0, hasRoom(for: length) else { return }
    memcpy(base + count, start, length)
    count += length
  }

  func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

  func append(_ text: String) {
    var text = text
    text.withUTF8 { if let start = $0.baseAddress { append(start, $0.count) } }
  }

  func append(integer: Int64) {
    guard hasRoom(for: 20) else { return }
    var rest = integer.magnitude
    var digits = 1
    var bound: UInt64 = 10
    while rest >= bound, digits < 20 {
      digits += 1
      let (next, isOver) = bound.multipliedReportingOverflow(by: 10)
      if isOver { break }
      bound = next
    }
    if integer < 0 { append(UInt8(ascii: "-")) }
    var place = count + digits
    count = place
    repeat {
      place -= 1
      base[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
  }

  /// With leading zeros.
  func append(_ number: Int64, digits: Int) {
    guard hasRoom(for: digits) else { return }
    var rest = number
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      base[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += digits
  }

  /// JSON has no infinite numbers or NaN, so they are written as strings.
  func append<Number: BinaryFloatingPoint & LosslessStringConvertible>(number: Number) {
    if number.isFinite { return append(number.description) }
    append(number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
  }

  /// As a string. Invalid UTF-8 becomes U+FFFD.
  func append(string start: UnsafePointer<UInt8>, _ length: Int) {
    append(UInt8(ascii: "\""))
    var isPlain = true
    for place in 0..<length {
      let byte = start[place]
      isPlain = isPlain && byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
    }
    if isPlain { append(start, length) } else { append(unescaped: UnsafeBufferPointer(start: start, count: length)) }
    append(UInt8(ascii: "\""))
  }

  private func append(unescaped text: UnsafeBufferPointer<UInt8>) {
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.count + 16)
    JSONString.append(String(decoding: text, as: UTF8.self).utf8, to: &escaped)
    escaped.withUnsafeBufferPointer { if let start = $0.baseAddress { append(start, $0.count) } }
  }

  /// As a Base64 string.
  func append(base64 start: UnsafePointer<UInt8>, _ length: Int) {
    append(UInt8(ascii: "\""))
    // A longer value would not fit.
    if length < Self.limit {
      append(Base64.encoded(Array(UnsafeBufferPointer(start: start, count: length))))
    } else {
      isFull = true
    }
    append(UInt8(ascii: "\""))
  }
}
