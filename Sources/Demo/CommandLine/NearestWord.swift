/// Finds the word a person probably meant.
enum NearestWord {
  /// The candidate with the fewest edits to `word`, if it is close enough to be what was meant.
  static func to(_ word: String, among candidates: [String]) -> String? {
    let nearest = candidates.map { (word: $0, distance: distance(word, $0)) }
      .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
    guard let nearest, nearest.distance <= max(2, word.count / 2) else { return nil }
    return nearest.word
  }

  /// Levenshtein's distance: the insertions, deletions and substitutions that turn one word into the other.
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let substitution = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
