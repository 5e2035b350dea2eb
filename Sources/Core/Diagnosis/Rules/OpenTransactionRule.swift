/// Messages are not given to those who wait for commits, because a transaction before them is still open. That may be the message that the step
/// waits for, or the answer to it.
enum OpenTransactionRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive else { return [] }
    return situation.transactions.compactMap { transaction in
      strength(transaction, situation).map { cause(transaction, $0, situation) }
    }
  }

  private static func cause(_ transaction: OpenTransaction, _ strength: Int, _ situation: Situation) -> Cause {
    Cause(
      .transactionOpen, transaction.sentence,
      [
        situation.evidence(
          "who reads committed messages only gets none of them", source: "lag", readAt: situation.group?.readAt)
      ],
      strength: strength, suggestion: "end the producer's transaction: kafka-transactions.sh find-hanging, then abort")
  }

  /// `nil` where it holds up nothing of the saga.
  private static func strength(_ transaction: OpenTransaction, _ situation: Situation) -> Int? {
    let partition = situation.group?.partition
    let isOwn = partition.map { $0.topic == transaction.topic && $0.partition == transaction.partition } ?? false
    if situation.isInputRead == true { return isOwn ? nil : 62 }
    if isOwn { return partition?.verdict == .blocked ? 90 : 70 }
    return situation.group?.row.topics.contains(transaction.topic) ?? false ? 70 : 40
  }
}
