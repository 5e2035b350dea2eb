/// A command line that cannot be obeyed; the program says why and exits with 64.
struct UsageError: Error, Equatable {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  /// An unknown word of some kind, with the known word nearest to it.
  static func unknown(_ kind: String, _ word: String, known: [String]) -> UsageError {
    guard let nearest = NearestWord.to(word, among: known) else {
      return UsageError("unknown \(kind) '\(word)' (known: \(known.joined(separator: ", ")))")
    }
    return UsageError("unknown \(kind) '\(word)'; did you mean '\(nearest)'?")
  }
}
