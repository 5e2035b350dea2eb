/// Finds which ids name sagas, and which of them name the same ones.
struct IdentityFinder {
  /// A kind of saga as far as its ids tell it.
  struct Kind {
    /// The one that it is shown by first.
    var identities: [IdentityCandidate]
    var types: Set<Int>
  }

  let samples: TypedSamples

  func kinds() -> [Kind] {
    let candidates = IdentityCandidate.all(of: samples).filter(\.namesFlows).sorted { left, right in
      order(left) < order(right)
    }
    var kinds: [Kind] = []
    for candidate in candidates {
      let types = Set(candidate.types.keys)
      if let place = kinds.indices.first(where: { isSame(candidate, kinds[$0]) }) {
        guard !types.isSubset(of: kinds[place].types) else { continue }
        kinds[place].identities.append(candidate)
        kinds[place].types.formUnion(types)
      } else if kinds.allSatisfy({ types.subtracting($0.types).count > 1 }) {
        kinds.append(Kind(identities: [candidate], types: types))
      }
    }
    for place in kinds.indices {
      kinds[place].identities.sort { ($0.rank, -$0.types.count, $0.name) < ($1.rank, -$1.types.count, $1.name) }
    }
    return kinds
  }

  /// The one that most types carry first. A key may be another id in each topic: it counts where nothing else does.
  private func order(_ candidate: IdentityCandidate) -> (Int, Int, Int, String) {
    (candidate.isKey ? 1 : 0, -candidate.types.count, candidate.rank, candidate.name)
  }

  /// Where both are carried, each value of the one comes with one value of the other.
  private func isSame(_ candidate: IdentityCandidate, _ kind: Kind) -> Bool {
    kind.identities.contains { known in
      var pairs: Set<[Int]> = []
      var left: Set<Int> = []
      var right: Set<Int> = []
      for event in samples.events {
        guard let one = candidate.value(in: event), let other = known.value(in: event) else { continue }
        pairs.insert([one, other])
        left.insert(one)
        right.insert(other)
      }
      return pairs.count > 1 && 10 * pairs.count <= 11 * left.count && 10 * pairs.count <= 11 * right.count
    }
  }
}
