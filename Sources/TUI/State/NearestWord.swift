/// Finds what was meant by a word that is not known.
enum NearestWord {
  /// The known word with the fewest differing letters, when few enough differ to call it a slip.
  static func find(_ word: String, among known: [String]) -> String? {
    if let longer = known.first(where: { !word.isEmpty && $0.hasPrefix(word) }) { return longer }
    let ranked = known.map { (word: $0, distance: distance(word, $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, word.count / 2) ? best.word : nil
  }

  /// Letters to insert, delete or replace. Long words count as far away without being compared.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left), right = Array(right)
    guard left.count <= 64, right.count <= 64 else { return 64 }
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[right.count]
  }
}
