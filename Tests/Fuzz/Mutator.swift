import TestRandom

/// Mutates inputs: flips, inserts, removes and duplicates bytes, replaces numbers by limits of their ranges, and joins two inputs.
struct Mutator {
  private static let tokens: [[UInt8]] = [
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "4294967296", "1e999", "-0", "0", "1",
    "null",
    "true", "{}", "[]", "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", ",", ":", "\n", "\r\n", "\t", " ", "*",
    "$", "%",
    "..", "${env:A}", "''", "#", "\u{1b}[31m", "\u{202e}", "é", "한", "1970-01-01T00:00:00Z", "99999-12-31", "NaN",
    "+Inf",
    "(?<a>", "+)+", "*-1\r\n", "$-1\r\n",
  ].map { Array($0.utf8) }
  private static let numbers: [UInt64] = [
    0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff,
  ]

  var random: SeededRandom
  /// The maximum size of an input in bytes.
  let longest: Int

  mutating func mutated(_ bytes: [UInt8], others: [[UInt8]]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 << below(4)) { change(&bytes, others) }
    if bytes.count > longest { bytes.removeLast(bytes.count - longest) }
    return bytes
  }

  /// A random number from 0 to `bound` - 1. Faster than `Int.random`, and an even distribution is not needed.
  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

  private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    let place = below(bytes.count + 1)
    switch below(10) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
    case 2: bytes.insert(UInt8(below(256)), at: place)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
    case 4: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: place)
    case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(64))], at: below(bytes.count + 1))
    case 6: overwrite(&bytes, place)
    case 7: join(&bytes, place, others)
    case 8: replaceNumber(&bytes, from: place)
    default: repeatPiece(&bytes, place)
    }
  }

  private mutating func overwrite(_ bytes: inout [UInt8], _ place: Int) {
    let (number, width) = (Self.numbers[below(Self.numbers.count)], 1 << below(4))
    let isBig = below(2) == 0
    for index in 0..<width where place + index < bytes.count {
      bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (isBig ? width - 1 - index : index)))
    }
  }

  private mutating func join(_ bytes: inout [UInt8], _ place: Int, _ others: [[UInt8]]) {
    guard !others.isEmpty else { return }
    let other = others[below(others.count)]
    let start = below(other.count + 1)
    bytes.replaceSubrange(place..., with: other[start...])
  }

  private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.endIndex
    bytes.replaceSubrange(start..<end, with: Self.tokens[below(7)])
  }

  private mutating func repeatPiece(_ bytes: inout [UInt8], _ place: Int) {
    let piece = bytes[place..<min(bytes.count, place + 1 + below(8))]
    for _ in 0..<below(100) { bytes.insert(contentsOf: piece, at: place) }
  }
}
