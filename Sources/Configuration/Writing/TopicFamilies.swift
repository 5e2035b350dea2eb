/// Topics that differ only in a hash or number at their ends are one pattern.
enum TopicFamilies {
  struct Family: Equatable {
    var pattern: String
    var names: [String]
    var messages: Int
  }

  private static let least = 3

  static func families(of topics: [(name: String, count: Int)]) -> [Family] {
    let groups = Dictionary(grouping: topics) { stem(of: $0.name) ?? "" }
    var families: [Family] = []
    for (stem, members) in groups {
      let messages = members.reduce(0) { $0 + $1.count }
      if !stem.isEmpty, members.count >= least {
        families.append(Family(pattern: "\(stem)*", names: members.map(\.name), messages: messages))
      } else {
        families += members.map { Family(pattern: $0.name, names: [$0.name], messages: $0.count) }
      }
    }
    return families.sorted { $0.pattern < $1.pattern }
  }

  /// What stands before the last part of the name, where that part is a number or a hash: `saga-events-` of `saga-events-1f0c22aa`.
  private static func stem(of name: String) -> String? {
    guard let cut = name.lastIndex(where: { "-._".contains($0) }) else { return nil }
    let part = name[name.index(after: cut)...]
    let isHash = part.count >= 6 && part.allSatisfy(\.isHexDigit) && part.contains(where: \.isNumber)
    return isHash || (!part.isEmpty && part.allSatisfy(\.isNumber)) ? String(name[...cut]) : nil
  }
}
