/// Union-find with path halving: groups names of the same thing.
struct DisjointSets {
  private var numbers: [[Int]: Int] = [:]
  private var parents: [Int] = []

  mutating func number(of name: [Int]) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = parents.count
    parents.append(parents.count)
    return parents.count - 1
  }

  mutating func root(_ number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  mutating func join(_ one: [Int], _ other: [Int]) {
    let (left, right) = (root(number(of: one)), root(number(of: other)))
    if left != right { parents[max(left, right)] = min(left, right) }
  }
}
