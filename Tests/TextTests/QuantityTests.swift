import Testing

@testable import Text

@Suite("Formatted quantities")
struct QuantityTests {
  @Test("sums and differences of numbers from outside stay in their range")
  func saturating() {
    #expect(Int64.max.saturating(plus: 1) == .max && Int64.min.saturating(plus: -1) == .min)
    #expect(Int64(1).saturating(plus: 2) == 3 && Int64(1).saturating(minus: 2) == -1)
    #expect(Int64.max.saturating(minus: -1) == .max && Int64.min.saturating(minus: 1) == .min)
    #expect(Int.max.saturating(plus: .max) == .max && Int.min.saturating(plus: .min) == .min)
  }

  @Test(
    "ages take at most five columns and are rounded down",
    arguments: [
      (Duration.zero, "0.0s"), (.milliseconds(-5), "0.0s"), (.milliseconds(99), "0.0s"), (.milliseconds(999), "0.9s"),
      (.milliseconds(9_999), "9.9s"), (.seconds(10), "10s"), (.milliseconds(59_960), "59s"), (.seconds(60), "1m00s"),
      (.seconds(252), "4m12s"), (.seconds(599), "9m59s"), (.seconds(600), "10m"), (.seconds(3599), "59m"),
      (.seconds(3600), "1h00m"), (.seconds(35_999), "9h59m"), (.seconds(36_000), "10h"), (.seconds(86_399), "23h"),
      (.seconds(86_400), "1d"), (.seconds(86_400 * 9_999), "9999d"), (.seconds(86_400 * 10_000), ">27y"),
      (.seconds(Int64.max), ">27y"), (.seconds(Int64.min), "0.0s"),
    ])
  func ages(duration: Duration, text: String) {
    #expect(Quantity.age(duration) == text)
    #expect(text.utf8.count <= 5)
  }

  @Test(
    "latencies change their unit if rounding would overflow it",
    arguments: [
      (Duration.zero, "0.0 ms"), (.microseconds(49), "0.0 ms"), (.microseconds(50), "0.1 ms"),
      (.microseconds(4_100), "4.1 ms"), (.microseconds(9_949), "9.9 ms"), (.microseconds(9_950), "10 ms"),
      (.milliseconds(410), "410 ms"), (.microseconds(999_499), "999 ms"), (.microseconds(999_500), "1.0 s"),
      (.milliseconds(59_949), "59.9 s"), (.milliseconds(59_950), "1m00s"), (.milliseconds(59_960), "1m00s"),
      (.seconds(252), "4m12s"), (.seconds(Int64.max), ">27y"), (.seconds(-1), "0.0 ms"),
    ])
  func latencies(duration: Duration, text: String) {
    #expect(Quantity.latency(duration) == text)
  }

  @Test(
    "counts take at most five columns",
    arguments: [
      (0, "0"), (999, "999"), (9_999, "9999"), (10_000, "10k"), (10_999, "10k"), (999_949, "999k"), (999_950, "999k"),
      (999_999, "999k"), (1_000_000, "1.0M"), (3_456_789, "3.4M"), (9_999_999, "9.9M"), (10_000_000, "10M"),
      (999_999_999, "999M"), (1_000_000_000, "1.0G"), (2_000_000_000_000, "2.0T"), (.max, "9.2E"), (-3, "-3"),
    ])
  func counts(number: Int, text: String) {
    #expect(Quantity.count(number) == text)
    #expect(text.utf8.count <= 5)
  }

  @Test(
    "rates change from tenths to whole numbers to thousands",
    arguments: [
      (0, "0.0/s"), (0.04, "0.0/s"), (0.05, "0.1/s"), (9.94, "9.9/s"), (9.95, "10/s"), (42.4, "42/s"),
      (999.5, "1000/s"), (9_999.4, "9999/s"), (9_999.5, "10k/s"), (999_950, "999k/s"), (999_999.5, "1.0M/s"),
      (1e300, "1.0E/s"), (-1, "0.0/s"), (.nan, "-"), (.infinity, "-"),
    ] as [(Double, String)])
  func rates(number: Double, text: String) {
    #expect(Quantity.rate(number) == text)
  }

  @Test(
    "100 % means all",
    arguments: [
      (1, "100 %"), (0.99999, "99.9 %"), (0.9995, "99.9 %"), (0.9994, "99.9 %"), (0.992, "99.2 %"), (0.5, "50.0 %"),
      (0.00049, "0.0 %"), (0, "0.0 %"), (1.02, "102.0 %"), (.nan, "-"),
    ] as [(Double, String)])
  func shares(share: Double, text: String) {
    #expect(Quantity.share(share) == text)
  }

  @Test(
    "sizes change their unit if rounding would overflow it",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_524, "1023.9 KiB"), (1_048_525, "1.0 MiB"),
      (1_048_576, "1.0 MiB"), (5_242_880, "5.0 MiB"),
    ])
  func bytes(count: Int, text: String) {
    #expect(Quantity.bytes(count) == text)
  }

  @Test(
    "thousands are separated",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"), (-100, "-100"),
      (.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(number: Int, text: String) {
    #expect(Quantity.grouped(number) == text)
  }

  @Test(
    "counts have singular and plural words",
    arguments: [(0, "0 groups"), (1, "1 group"), (2, "2 groups"), (12_345, "12,345 groups")])
  func counted(number: Int, text: String) {
    #expect(Quantity.counted(number, "group") == text)
  }

  @Test("an unknown value is a dash, never empty or 0")
  func unknown() {
    #expect(Quantity.age(nil) == "-")
    #expect(Quantity.latency(nil) == "-")
    #expect(Quantity.count(nil) == "-")
    #expect(Quantity.rate(nil) == "-")
    #expect(Quantity.share(nil) == "-")
  }

  @Test(
    "decimals keep their sign and their zeros",
    arguments: [(-0.04, "0.0"), (-0.05, "-0.1"), (-1.26, "-1.3"), (1e300, "900000000000000.0")])
  func decimals(value: Double, text: String) {
    #expect(Quantity.decimal(value, digits: 1) == text)
  }
}
