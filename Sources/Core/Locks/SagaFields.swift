import Text

/// What a saga's messages say of the things that it works on: the values by which keys of locks name them.
struct SagaFields {
  private static let mostValues = 8
  private static let mostKeys = 32
  private static let deepest = 6

  private let names: Set<String>
  private(set) var values: [String: [String]] = [:]

  /// `names` are those that are looked for.
  init(names: Set<String>) {
    self.names = names
  }

  mutating func add(_ name: String, _ value: String) {
    guard names.contains(name), !value.isEmpty, values[name, default: []].count < Self.mostValues,
      !values[name, default: []].contains(value)
    else { return }
    values[name, default: []].append(value)
  }

  /// Takes the fields of those names wherever they stand in a JSON document.
  mutating func add(_ node: JSONNode, depth: Int = 0) {
    guard depth < Self.deepest else { return }
    for member in node.members ?? [] {
      if let scalar = member.value.scalar { add(member.name, scalar) } else { add(member.value, depth: depth + 1) }
    }
    for element in node.elements ?? [] { add(element, depth: depth + 1) }
  }

  /// Every key of the pattern that the values make; none where a name has no value, or where the pattern leaves a part open.
  func keys(of pattern: LockPattern) -> [String] {
    var fillings: [[String: String]] = [[:]]
    // Not in the order of a set, which is another in each run: only the first fillings are taken.
    for name in Set(pattern.names).sorted() {
      fillings = fillings.flatMap { filling in
        (values[name] ?? []).map { filling.merging([name: $0]) { $1 } }
      }
      if fillings.count > Self.mostKeys { fillings = Array(fillings.prefix(Self.mostKeys)) }
    }
    return fillings.compactMap { filling in pattern.key { filling[$0] } }
  }
}
