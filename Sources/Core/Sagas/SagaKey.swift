/// One id of a saga: its value and its kind, so that order 5 and user 5 are different keys.
///
/// GUIDs, trace ids and short texts are stored inline: such keys are created, copied and compared without heap allocation.
package struct SagaKey: Hashable, Sendable {
  private enum Value: Sendable {
    /// UTF-8 of at most 15 bytes, padded with zeros; the last byte is the length.
    case short(UInt64, UInt64)
    /// A GUID in lower case with hyphens.
    case guid(UInt64, UInt64)
    /// 32 hexadecimal digits in lower case, packed like those of a GUID.
    case digits(UInt64, UInt64)
    case long(String)
  }

  // Declared before the smaller property: in the other order a key is eight bytes larger.
  private let form: Value
  /// Index of the kind of id in its definition's `identities`.
  package let identity: UInt8

  /// Uses the text unchanged.
  package init(identity: UInt8, value: String) {
    var value = value
    self = value.withUTF8 { SagaKey(identity: identity, text: UnsafeRawBufferPointer($0)) }
  }

  /// Uses the text unchanged; it must be UTF-8.
  package init(identity: UInt8, text: UnsafeRawBufferPointer) {
    self.identity = identity
    form = Self.form(of: text)
  }

  private init(identity: UInt8, form: Value) {
    (self.identity, self.form) = (identity, form)
  }

  /// The id in canonical form, see `MessageID`; `nil` for a text that is not an id.
  package init?(identity: UInt8, id bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= MessageID.shortestGUID else {
      if bytes.isEmpty || MessageID.isPlaceholder(bytes) { return nil }
      self.init(identity: identity, text: bytes)
      return
    }
    let form = Self.form(of: bytes)
    switch form {
    case .guid(let low, let high), .digits(let low, let high):
      if low | high == 0 { return nil }
      self.init(identity: identity, form: .guid(low, high))
    case .short, .long:
      guard let text = MessageID.canonical(bytes) else { return nil }
      self.init(identity: identity, value: text)
    }
  }

  package var value: String {
    switch form {
    case .long(let text): text
    case .short(let low, let high): Self.text(low, high)
    case .guid(let low, let high): HexDigits.text(low, high, isHyphenated: true)
    case .digits(let low, let high): HexDigits.text(low, high, isHyphenated: false)
    }
  }

  /// Compares bytes: two Unicode normal forms of one text are two ids.
  package static func == (left: SagaKey, right: SagaKey) -> Bool {
    guard left.identity == right.identity else { return false }
    switch (left.form, right.form) {
    case (.short(let low, let high), .short(let otherLow, let otherHigh)),
      (.guid(let low, let high), .guid(let otherLow, let otherHigh)),
      (.digits(let low, let high), .digits(let otherLow, let otherHigh)):
      return low == otherLow && high == otherHigh
    case (.long(let text), .long(let other)): return text.utf8.elementsEqual(other.utf8)
    default: return false
    }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(hash(seed: 0)) }

  /// Equal keys have equal hashes for one seed. Without knowing the seed, an attacker cannot choose ids that collide.
  func hash(seed: UInt64) -> UInt64 {
    let start = seed ^ UInt64(identity) &* 0x9e37_79b9_7f4a_7c15
    switch form {
    case .short(let low, let high): return Self.mix(Self.mix(start, low), high)
    case .guid(let low, let high), .digits(let low, let high): return Self.mix(Self.mix(start &+ 1, low), high)
    case .long(var text): return text.withUTF8 { Self.mix(start, UnsafeRawBufferPointer($0)) }
    }
  }

  private static func mix(_ start: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = start
    var place = 0
    while place + 8 <= bytes.count {
      hash = mix(hash, bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    let rest = bytes[place...].reduce(UInt64(bytes.count)) { $0 << 8 | UInt64($1) }
    return mix(hash, rest)
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return product.high ^ product.low ^ hash
  }

  private static let longestShort = 15

  private static func form(of text: UnsafeRawBufferPointer) -> Value {
    if text.count <= longestShort {
      var words: (UInt64, UInt64) = (0, 0)
      withUnsafeMutableBytes(of: &words) { bytes in
        bytes.copyMemory(from: text)
        bytes[longestShort] = UInt8(text.count)
      }
      return .short(words.0, words.1)
    }
    if text.count == 36, let words = HexDigits.guid(text) { return .guid(words.low, words.high) }
    if text.count == 32, let words = HexDigits.digits(text) { return .digits(words.low, words.high) }
    return .long(String(decoding: text, as: UTF8.self))
  }

  private static func text(_ low: UInt64, _ high: UInt64) -> String {
    var words = (low, high)
    return withUnsafeBytes(of: &words) { bytes in
      String(decoding: bytes[..<Int(bytes[longestShort])], as: UTF8.self)
    }
  }
}

/// Packs 32 hexadecimal digits into 16 bytes, eight digits at a time.
private enum HexDigits {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  /// Positions of the hyphens in a GUID.
  private static let hyphens = [8, 13, 18, 23]

  static func guid(_ text: UnsafeRawBufferPointer) -> (low: UInt64, high: UInt64)? {
    for place in hyphens where text[place] != UInt8(ascii: "-") { return nil }
    return pack(word(text, 0), halves(text, 9, 14), halves(text, 19, 24), word(text, 28))
  }

  static func digits(_ text: UnsafeRawBufferPointer) -> (low: UInt64, high: UInt64)? {
    pack(word(text, 0), word(text, 8), word(text, 16), word(text, 24))
  }

  static func text(_ low: UInt64, _ high: UInt64, isHyphenated: Bool) -> String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var end = 0
      for part in [low & 0xffff_ffff, low >> 32, high & 0xffff_ffff, high >> 32] {
        var digits = ascii(part)
        for _ in 0..<8 {
          if isHyphenated, hyphens.contains(end) {
            buffer[end] = UInt8(ascii: "-")
            end += 1
          }
          buffer[end] = UInt8(truncatingIfNeeded: digits)
          digits >>= 8
          end += 1
        }
      }
      return end
    }
  }

  private static func word(_ text: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
    UInt64(littleEndian: text.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }

  private static func halves(_ text: UnsafeRawBufferPointer, _ first: Int, _ second: Int) -> UInt64 {
    let low = UInt32(littleEndian: text.loadUnaligned(fromByteOffset: first, as: UInt32.self))
    let high = UInt32(littleEndian: text.loadUnaligned(fromByteOffset: second, as: UInt32.self))
    return UInt64(low) | UInt64(high) << 32
  }

  private static func pack(
    _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64
  ) -> (low: UInt64, high: UInt64)? {
    guard let first = nibbles(first), let second = nibbles(second), let third = nibbles(third),
      let fourth = nibbles(fourth)
    else { return nil }
    return (first | second << 32, third | fourth << 32)
  }

  /// Eight digits as 32 bits; `nil` if one is not a hexadecimal digit in lower case.
  private static func nibbles(_ text: UInt64) -> UInt64? {
    let values = text & 0x0f0f_0f0f_0f0f_0f0f &+ (text >> 6 & ones) &* 9
    guard values & 0xf0f0_f0f0_f0f0_f0f0 == 0, spelled(values) == text else { return nil }
    let pairs = (values | values >> 4) & 0x00ff_00ff_00ff_00ff
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff
    return (fours | fours >> 16) & 0xffff_ffff
  }

  private static func ascii(_ nibbles: UInt64) -> UInt64 {
    let fours = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff
    let pairs = (fours | fours << 8) & 0x00ff_00ff_00ff_00ff
    return spelled((pairs | pairs << 4) & 0x0f0f_0f0f_0f0f_0f0f)
  }

  /// Converts each byte, a value of 0 to 15, to its digit.
  private static func spelled(_ values: UInt64) -> UInt64 {
    let isLetter = (values &+ 6 &* ones) >> 4 & ones
    return values &+ 0x30 &* ones &+ isLetter &* 0x27
  }
}

/// Finds a saga's slot by any of its keys: a hash table with open addressing. The keys themselves are stored in the sagas.
struct SagaIndex {
  private struct Entry {
    var hash: UInt32 = 0
    /// Negative if the place is free.
    var slot: Int32 = -1
  }

  private var entries = [Entry](repeating: Entry(), count: 64)
  private var count = 0
  /// Differs in each run.
  private let seed = UInt64(truncatingIfNeeded: "sagas".hashValue)

  /// The hash of a key for the functions below.
  func hash(of key: SagaKey) -> UInt32 { UInt32(truncatingIfNeeded: key.hash(seed: seed)) }

  func slot(of hash: UInt32, where isNamed: (Int32) -> Bool) -> Int32? {
    var place = home(of: hash)
    while entries[place].slot >= 0 {
      if entries[place].hash == hash, isNamed(entries[place].slot) { return entries[place].slot }
      place = next(place)
    }
    return nil
  }

  mutating func insert(_ hash: UInt32, slot: Int32) {
    if count * 3 >= entries.count * 2 { grow() }
    count += 1
    put(Entry(hash: hash, slot: slot))
  }

  /// Moves up the following entries that were displaced from their home place.
  mutating func remove(_ hash: UInt32, slot: Int32) {
    var hole = home(of: hash)
    while entries[hole].hash != hash || entries[hole].slot != slot {
      guard entries[hole].slot >= 0 else { return }
      hole = next(hole)
    }
    count -= 1
    var place = next(hole)
    while entries[place].slot >= 0 {
      if distance(from: home(of: entries[place].hash), to: place) >= distance(from: hole, to: place) {
        entries[hole] = entries[place]
        hole = place
      }
      place = next(place)
    }
    entries[hole] = Entry()
  }

  private mutating func put(_ entry: Entry) {
    var place = home(of: entry.hash)
    while entries[place].slot >= 0 { place = next(place) }
    entries[place] = entry
  }

  private mutating func grow() {
    let known = entries
    entries = Array(repeating: Entry(), count: 2 * known.count)
    for entry in known where entry.slot >= 0 { put(entry) }
  }

  private func home(of hash: UInt32) -> Int { Int(hash) & (entries.count - 1) }

  private func next(_ place: Int) -> Int { (place + 1) & (entries.count - 1) }

  private func distance(from start: Int, to end: Int) -> Int { (end - start) & (entries.count - 1) }
}
