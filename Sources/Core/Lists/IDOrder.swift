/// Ids in the order that a person expects: numbers by value, before all others, which go by their text.
struct IDOrder: Comparable {
  private let number: UInt64?
  private let text: String

  init(_ text: String) {
    number = UInt64(text)
    self.text = text
  }

  static func < (left: IDOrder, right: IDOrder) -> Bool {
    switch (left.number, right.number) {
    case (let first?, let second?): first < second
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): left.text < right.text
    }
  }
}
