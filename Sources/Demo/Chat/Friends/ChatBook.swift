/// All friend requests there will be, and how they are answered: a function of the seed and the request's number, never of timing.
struct ChatBook: Equatable {
  enum Answer: String {
    case accepted, rejected, cancelled
    /// A reader of the request fails at it and puts it aside; nobody answers.
    case parked
    /// The same, but the addressee accepts it nevertheless.
    case parkedThenAccepted
    /// Nobody answers.
    case none
  }

  static let users = 200
  /// As many pairs as there are: a number's pair is no other's before that many requests.
  private static let pairs = users * (users - 1)
  /// Has no divisor in common with the number of pairs.
  private static let stride = 7919
  /// Apart from each other by this are the numbers of a pair's requests.
  private static let roundNumbers = 1_000_000_000

  let chance: SeededChance
  /// Friend requests per second.
  let rate: Double
  /// How many pairs there will be; nil for no end.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// Milliseconds after opening at which the pair of that number from 0 asks for the first time; nil past the last.
  func start(_ number: Int) -> Int? {
    if let limit, number >= limit { return nil }
    return chance.arrival(number, perSecond: rate)
  }

  /// The first request of the pair of that number.
  func request(_ number: Int, friendshipId: Int) -> FriendRequest {
    let place = (number * Self.stride + chance.pick(0...Self.pairs - 1, 0, "pairs")) % Self.pairs
    let (requester, other) = (place / (Self.users - 1) + 1, place % (Self.users - 1) + 1)
    return FriendRequest(
      number: number, requester: requester, addressee: other < requester ? other : other + 1, round: 1,
      friendshipId: friendshipId)
  }

  /// The same pair's next request.
  func next(after request: FriendRequest, friendshipId: Int) -> FriendRequest {
    FriendRequest(
      number: request.number + Self.roundNumbers, requester: request.requester, addressee: request.addressee,
      round: request.round + 1, friendshipId: friendshipId)
  }

  func answer(_ number: Int) -> Answer {
    switch chance.fraction(number, "answer") {
    case ..<0.55: .accepted
    case ..<0.75: .rejected
    case ..<0.87: .cancelled
    case ..<0.90: .parked
    case ..<0.92: .parkedThenAccepted
    default: .none
    }
  }

  func answerDelay(_ number: Int) -> Int { chance.pick(50...600, number, "answer time") }

  /// Milliseconds after which the requester asks again, or nil when he does not; every third does.
  func askingAgain(_ number: Int) -> Int? {
    chance.fraction(number, "again") < 0.34 ? chance.pick(1500...3000, number, "again time") : nil
  }

  /// Whether this event is published twice while there are duplicates.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event is published late while events are reordered.
  func isLate(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "late " + type) < 0.25 }
}

/// One user's request to be another's friend.
struct FriendRequest: Equatable {
  /// Tells requests apart for chance: a pair's later requests have numbers of their own.
  let number: Int
  let requester: Int
  let addressee: Int
  /// 1 for the first time that this user asks that one.
  let round: Int
  /// From the database, in the order in which the requests are sent.
  let friendshipId: Int

  var pair: String { "\(requester)-\(addressee)" }

  /// What an event of the request tells. A request that was rejected or taken back is deleted first, so that its id is not known any more.
  func fields(isDeleted: Bool) -> KeyValuePairs<String, JSON> {
    isDeleted
      ? [
        "friendship_id": .integer(0), "requester_id": .integer(requester), "addressee_id": .integer(addressee),
      ]
      : [
        "friendship_id": .integer(friendshipId), "requester_id": .integer(requester),
        "requester_name": .string("Unknown"), "addressee_id": .integer(addressee),
        "addressee_name": .string("Unknown"),
      ]
  }
}

/// One line of the chat's ledger, with all of these members; only friend requests have lines.
///
/// * `time`: the event's own time, milliseconds since 1970; the event itself has microseconds.
/// * `pair`: who asks whom, `<requester>-<addressee>`. One that was refused or took the request back may ask again.
/// * `round`: the pair's requests so far, this one included.
/// * `friendshipId`: the id of this request, as text, also where the event itself says 0.
/// * `event`: the event's type; null for a message in a dead letter topic.
/// * `business`: how the request stands from then on: `open`, `accepted`, `rejected`, `cancelled`, or `parked` (a reader failed at it
///   and put it aside).
/// * `error`: why it was put aside; null without a reason.
/// * `duplicate`: true when the same event had been sent before.
/// * `topic`, `partition`, `offset`: where it lies in Kafka.
struct ChatEntry {
  enum Business: String {
    case open, accepted, rejected, cancelled, parked
  }

  let request: FriendRequest
  let event: String?
  let business: Business
  var error: String?
  var time: Int64 = 0
  var isDuplicate = false

  func line(topic: ChatTopic, _ delivery: Delivery) -> JSON {
    .members([
      "time": .number(String(time)), "pair": .string(request.pair), "round": .integer(request.round),
      "friendshipId": .string(String(request.friendshipId)), "event": .optional(event),
      "business": .string(business.rawValue), "error": .optional(error), "duplicate": .bool(isDuplicate),
      "topic": .string(topic.rawValue), "partition": .number(String(delivery.partition)),
      "offset": .number(String(delivery.offset)),
    ])
  }
}
