/// Words in types for a trade, contract or commitment between two parties. They support other evidence.
struct TradeWords {
  private(set) var trades: [String] = []
  private(set) var commitments: [String] = []
  private(set) var isRequested = false
  private var isAccepted = false
  /// The id is named after an object of trade or contract, such as a booking.
  let namesID: Bool

  var tradePoints: Int { trades.isEmpty ? 0 : min(trades.count + 1, 4) }
  /// One such word alone may be technical.
  var commitmentPoints: Int { isRequested || !trades.isEmpty || commitments.count > 1 ? min(commitments.count, 2) : 0 }
  /// One party requests, another decides.
  var isAnswered: Bool { isRequested && isAccepted }

  init(_ types: [EventType], ids: [String]) {
    var (trades, commitments): (Set<String>, Set<String>) = ([], [])
    // "RequestReceived" is about a call.
    let names = types.map(\.name).filter { $0.words.first != "request" || !$0.isPast }
    let named = Set(ids.flatMap(NameWords.split).map(Self.base))
    namesID = named.contains { Vocabulary.trades.contains($0) || $0.hasSuffix("order") }
    for base in Set(names.flatMap(\.words).map(Self.base)).union(named) {
      if Vocabulary.trades.contains(base) { trades.insert(base) }
      if Vocabulary.commitments.contains(base) { commitments.insert(base) }
      isRequested = isRequested || Vocabulary.requests.contains(base)
      isAccepted = isAccepted || Vocabulary.acceptances.contains(base)
    }
    if named.contains(where: { $0.hasSuffix("order") }) { trades.insert("order") }
    (self.trades, self.commitments) = (trades.sorted(), commitments.sorted())
  }

  private static func base(of word: String) -> String {
    let single = word.hasSuffix("s") ? String(word.dropLast()) : word
    return Vocabulary.tradeNouns[single] ?? Vocabulary.standard[word]?.base ?? single
  }
}

extension Vocabulary {
  private static func list(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

  /// Acts of trade or contract, which need two parties.
  fileprivate static let trades = list(
    """
    pay sell buy purchase book reserve order ship charge debit credit refund invoice bill approve decline disburse fund \
    reimburse redeem rent hire remit loan chargeback accc acsc acsp actc rjct
    """
  ).union(foreignWords([.done, .prepared, .undone]))

  /// Acts that are often technical, such as the delivery of a message.
  fileprivate static let commitments = list(
    """
    accept reject deny refuse confirm authorize authorise capture deliver dispatch acknowledge settle verify assign grant \
    sign fulfil fulfill pack pick place take hold allocate
    """)

  fileprivate static let acceptances = list("accept approve confirm grant")
  fileprivate static let requests = list("request ask demand submit").union(foreignWords([.asked]))

  fileprivate static let tradeNouns = [
    "payment": "pay", "payout": "pay", "reservation": "reserve", "shipment": "ship", "parcel": "ship",
    "tracking": "ship", "sale": "sell",
    "approval": "approve", "authorization": "authorize", "authorisation": "authorise", "delivery": "deliver",
  ]
}
