import Core
import Text

/// What one round of requests for a document has given so far: one answer, or the pages of a list.
struct DocumentRound {
  static let mostPages = 100
  private static let mostMessages = 100_000

  let definition: DocumentDefinition
  private(set) var found: [MessageFinder.Found] = []
  private(set) var pages = 0
  /// Elements of lists that were no messages.
  private(set) var lacking = 0
  /// Where the list goes on; what follows it is asked for.
  private(set) var cursor: String?

  init(_ definition: DocumentDefinition, from cursor: String?) {
    self.definition = definition
    self.cursor = cursor
  }

  /// Takes one answer. Returns whether there may be more behind it.
  mutating func add(_ document: JSONNode) -> Bool {
    pages += 1
    let page = MessageFinder(rules: definition.messages, source: definition.name).find(in: document, lacking: &lacking)
    found += page
    guard let paging = definition.paging else { return false }
    let end = Self.furthest(page.compactMap { $0.body.value(at: paging.member)?.scalar }, from: cursor)
    let isFurther = end != cursor
    cursor = end
    return isFurther && pages < Self.mostPages && found.count < Self.mostMessages
  }

  /// The greatest of numbers and times, the last of other ids; `known` where nothing lies behind it.
  private static func furthest(_ values: [String], from known: String?) -> String? {
    guard let last = values.last else { return known }
    var best = known
    for value in values {
      guard let instant = TimestampParser.parse(value) else { return last }
      guard let former = best.flatMap({ TimestampParser.parse($0) }), instant <= former else {
        best = value
        continue
      }
    }
    return best
  }

  /// The messages in the order of the list, but those that speak of one thing by their number.
  var ordered: [MessageFinder.Found] {
    guard let order = definition.order else { return found }
    var places: [String: [Int]] = [:]
    for (place, one) in found.enumerated() {
      places[one.body.value(at: order.per)?.scalar ?? "", default: []].append(place)
    }
    var result = found
    for mine in places.values {
      let sorted = mine.sorted { left, right in
        let (first, second) = (number(found[left], order), number(found[right], order))
        return first == second ? left < right : first < second
      }
      for (place, from) in zip(mine, sorted) { result[place] = found[from] }
    }
    return result
  }

  private func number(_ found: MessageFinder.Found, _ order: DocumentDefinition.Order) -> Double {
    found.body.value(at: order.member)?.scalar.flatMap(Double.init) ?? 0
  }
}
