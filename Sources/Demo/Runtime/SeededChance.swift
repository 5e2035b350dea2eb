/// Random values that depend only on the seed, a number and a purpose, independent of time and call order.
struct SeededChance: Equatable {
  let seed: UInt64

  /// 64 uniformly distributed bits for `purpose` of the item with this number.
  func bits(_ number: Int, _ purpose: String) -> UInt64 {
    var state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    state = Self.mix(state ^ UInt64(bitPattern: Int64(number)))
    for byte in purpose.utf8 {
      state = Self.mix(state ^ UInt64(byte))
    }
    return state
  }

  /// A value from 0 (inclusive) to 1 (exclusive).
  func fraction(_ number: Int, _ purpose: String) -> Double {
    Double(bits(number, purpose) >> 11) / Double(1 << 53)
  }

  /// An integer in `range`.
  func pick(_ range: ClosedRange<Int>, _ number: Int, _ purpose: String) -> Int {
    range.lowerBound + Int(fraction(number, purpose) * Double(range.upperBound - range.lowerBound + 1))
  }

  /// Milliseconds after opening at which the item with this number (from 0) arrives, at `rate` items per second.
  func arrival(_ number: Int, perSecond rate: Double) -> Int {
    Int(min((Double(number) + fraction(number, "arrival")) / rate * 1000, 1e15))
  }

  /// A version 4 UUID.
  func uuid(_ number: Int, _ purpose: String) -> String {
    let bits = [self.bits(number, purpose + " high"), self.bits(number, purpose + " low")].map { bits in
      let digits = String(bits, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let (high, low) = (Array(bits[0]), Array(bits[1]))
    let groups = [high[..<8], high[8..<12], ["4"] + high[13...], ["a"] + low[1..<4], low[4...]]
    return groups.map { String($0) }.joined(separator: "-")
  }

  /// The finalizer of SplitMix64.
  private static func mix(_ value: UInt64) -> UInt64 {
    var state = value &+ 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return state ^ (state >> 31)
  }
}
