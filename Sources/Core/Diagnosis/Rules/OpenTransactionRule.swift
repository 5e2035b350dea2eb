/// Messages are not given to those who wait for commits, because a transaction before them is still open.
enum OpenTransactionRule {
  static func causes(_ situation: Situation) -> [Cause] {
    guard situation.isActive, situation.isInputRead != true else { return [] }
    return situation.transactions.map { cause($0, situation) }
  }

  private static func cause(_ transaction: OpenTransaction, _ situation: Situation) -> Cause {
    let partition = situation.group?.partition
    let isOwn = partition.map { $0.topic == transaction.topic && $0.partition == transaction.partition } ?? false
    let isRead = situation.group?.row.topics.contains(transaction.topic) ?? false
    return Cause(
      .transactionOpen, transaction.sentence,
      [
        situation.evidence(
          "who reads committed messages only gets none of them", source: "lag", readAt: situation.group?.readAt)
      ],
      strength: isOwn && partition?.verdict == .blocked ? 90 : isOwn || isRead ? 70 : 40,
      suggestion: "end the producer's transaction: kafka-transactions.sh find-hanging, then abort")
  }
}
