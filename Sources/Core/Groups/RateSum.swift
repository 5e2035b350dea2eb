/// A sum of rates that is the same in whichever order they come, which sums of floating-point numbers are not: one reading is to give
/// one report. Exact to a millionth of a message per second.
struct RateSum {
  private var millionths: Int64?

  /// `nil` where no rate was added.
  var value: Double? { millionths.map { Double($0) / 1e6 } }

  mutating func add(_ rate: Double) { millionths = (millionths ?? 0) &+ (Int64(exactly: (rate * 1e6).rounded()) ?? 0) }

  /// `nil` where one of the rates is not known, or there is none.
  static func whole(_ rates: [Double?]) -> Double? {
    let known = rates.compactMap(\.self)
    return known.count == rates.count ? RateSum(known).value : nil
  }

  init(_ rates: some Sequence<Double> = EmptyCollection()) { for rate in rates { add(rate) } }
}
