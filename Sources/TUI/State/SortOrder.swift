import Core

/// The orders that `<` and `>` step through, as the columns stand, after the order of trouble.
enum SortOrder {
  static let all: [SagaQuery.Order] = [.trouble, .id, .type, .status, .step, .age, .node, .updated, .started]

  static func next(after order: SagaQuery.Order, by distance: Int) -> SagaQuery.Order {
    let place = (all.firstIndex(of: order) ?? 0) + distance
    return all[((place % all.count) + all.count) % all.count]
  }
}
