/// Values with syntax of shells, paths, URLs, JSON and templates.
enum Injection {
  static let corpus = [
    "\"", "'", "\\", "\", \"admin\": true, \"x\": \"", "$(reboot)", "`reboot`", "; rm -rf /", "a && b | c > d",
    "../../admin", "..", "a/../../b", "x?y=z&a=b#c", "%2e%2e%2f", "%00", "{saga.id}", "{{x}}", "${env:HOME}", "한국어 🛰️ ñ",
    "a b",
    "é\u{301}", "*", "~root", "x:y@z",
  ]

  static let controls = ["a\nb", "a\r\nX-Evil: 1", "\u{0}", "a\u{1b}[31m", "\u{7f}", "\u{85}", "\u{2028}"]
}
