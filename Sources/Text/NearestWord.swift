/// Suggests corrections for misspelled words.
package enum NearestWord {
  /// Maximum length of a word, in bytes. Longer words get no suggestion.
  private static let longest = 64

  /// The known word with the smallest distance to `word`; `nil` if the distance exceeds a third of the length of `word`, at least 1, unless
  /// the known word starts with `word`.
  package static func to(_ word: String, among known: [String]) -> String? {
    guard word.utf8.count <= longest else { return nil }
    let typed = Array(word.lowercased())
    let rated = known.map { (word: $0, distance: distance(typed, Array($0.lowercased()))) }
    guard let best = rated.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, word.count / 3) || best.word.hasPrefix(word) ? best.word : nil
  }

  /// The known words, the most similar to `word` first.
  package static func sorted(_ known: [String], by word: String) -> [String] {
    let typed = Array(word.lowercased().prefix(longest))
    return known.map { (distance(typed, Array($0.lowercased())), $0) }.sorted { $0 < $1 }.map(\.1)
  }

  /// "; did you mean `x`?", or an empty text.
  package static func hint(_ word: String, among known: [String]) -> String {
    hint(to(word, among: known))
  }

  /// The text for a word that `to` has found.
  package static func hint(_ word: String?) -> String { word.map { "; did you mean `\($0)`?" } ?? "" }

  /// Optimal string alignment distance: insertions, deletions, replacements and swaps of adjacent characters.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard right.count <= longest else { return longest }
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in 0..<left.count {
      var row = [i + 1]
      for j in 0..<right.count {
        var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
