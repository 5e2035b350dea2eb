import Core

/// Dates as OpenSSL prints them: `Nov 21 08:00:00 2026 GMT`.
package enum CertificateDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  package static func parse(_ text: some StringProtocol) -> Timestamp? {
    let words = text.split(separator: " ")
    guard words.count == 5, words[4] == "GMT", let month = months.firstIndex(of: String(words[0])),
      let day = Int(words[1]), (1...31).contains(day), words[2].utf8.count == 8, words[3].utf8.count == 4
    else { return nil }
    return TimestampParser.parse("\(words[3])-\(padded(month + 1))-\(padded(day))T\(words[2])Z")
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
