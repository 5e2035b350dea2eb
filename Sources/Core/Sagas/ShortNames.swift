/// Display names of steps and events: common prefixes are removed, so that the distinct parts are visible.
package enum ShortNames {
  private static let separators: Set<Character> = [".", ":", "/", "+", "$"]

  /// For each name the shortest unique suffix of whole parts: `CreateTicket` for `net.shop.kitchen.api.CreateTicket`. The assembly suffix
  /// of .NET type names, `Shop.OrderPlaced, Shop, Version=1.0.0.0`, is omitted. Names without such parts are unchanged.
  package static func shortened(_ names: [String]) -> [String] {
    let parts = names.map { Self.parts(of: $0) }
    let most = parts.map(\.count).max() ?? 0
    var result = names
    var open = Set(names.indices)
    for count in 1...max(1, most) where !open.isEmpty {
      let tails = names.indices.map { parts[$0].suffix(count).joined() }
      for index in open where isTold(tails[index], of: index, tails, names) {
        result[index] = trimmed(tails[index])
        open.remove(index)
      }
    }
    return result
  }

  /// Whether the suffix is unique; equal names may share one.
  private static func isTold(_ tail: String, of index: Int, _ tails: [String], _ names: [String]) -> Bool {
    zip(tails, names).allSatisfy { trimmed($0.0) != trimmed(tail) || $0.1 == names[index] }
  }

  /// Each part includes the separator before it.
  private static func parts(of name: String) -> [String] {
    let end = name.firstRange(of: ", ")?.lowerBound ?? name.endIndex
    var parts: [String] = []
    for character in name[..<end] {
      if parts.isEmpty || separators.contains(character) { parts.append("") }
      parts[parts.count - 1].append(character)
    }
    return parts
  }

  private static func trimmed(_ tail: String) -> String {
    let rest = tail.drop { separators.contains($0) }
    return rest.isEmpty ? tail : String(rest)
  }
}
