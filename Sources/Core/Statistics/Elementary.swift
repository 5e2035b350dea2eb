/// Exponential and logarithm, because `Core` stands on the standard library alone. Exact to about 14 digits.
enum Elementary {
  private static let ln2 = 0.693_147_180_559_945_3

  static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709 { return .infinity }
    if x < -745 { return 0 }
    let power = (x / ln2).rounded()
    let rest = x - power * ln2
    var term = 1.0
    var sum = 1.0
    for index in 1...20 {
      term *= rest / Double(index)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(power), significand: 1)
  }

  /// `nan` below 0.
  static func ln(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x < 0 ? .nan : x }
    var significand = x.significand
    var exponent = Double(x.exponent)
    if significand > 1.414 {
      significand /= 2
      exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    var power = ratio
    var sum = 0.0
    for index in 0..<24 {
      sum += power / Double(2 * index + 1)
      power *= ratio * ratio
    }
    return exponent * ln2 + 2 * sum
  }
}
