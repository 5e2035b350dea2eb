/// Names that coordinators give to the undoing of a step: `compensate_payment`, `PaymentRollback`, `undo.charge-card`.
enum UndoingName {
  private static let words: Set<String> = ["compensate", "compensation", "compensating", "undo", "revert", "rollback"]

  /// The step's name without separators, in small letters; `nil` where no word at either end says that it is undone.
  static func step(of name: String) -> String? {
    let parts = parts(of: name)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return nil }
    if words.contains(first) { return parts.dropFirst().joined() }
    return words.contains(last) ? parts.dropLast().joined() : nil
  }

  /// As `step(of:)` writes names.
  static func joined(_ name: String) -> String { parts(of: name).joined() }

  /// Words end where a separator stands or a capital follows a small letter.
  private static func parts(of name: String) -> [String] {
    var parts = [""]
    var wasSmall = false
    for character in name {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (wasSmall && character.isUppercase) { parts.append("") }
      if isWord { parts[parts.count - 1] += character.lowercased() }
      wasSmall = isWord && !character.isUppercase
    }
    return parts.filter { !$0.isEmpty }
  }
}
