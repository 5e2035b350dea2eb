/// All friend requests and their outcomes: a function of the seed and the request number, independent of timing.
struct ChatBook: Equatable {
  enum Answer: String {
    case accepted, rejected, cancelled
    /// A consumer fails to process the request and moves it to the dead-letter topic; the request gets no answer.
    case parked
    /// The same, but the addressee accepts the request nevertheless.
    case parkedThenAccepted
    /// The request gets no answer.
    case none
  }

  static let users = 200
  /// Number of possible pairs: pairs repeat only after that many request numbers.
  private static let pairs = users * (users - 1)
  /// Has no common divisor with the number of pairs.
  private static let stride = 7919
  /// Difference between the numbers of consecutive requests of a pair.
  private static let roundNumbers = 1_000_000_000

  let chance: SeededChance
  /// Friend requests per second.
  let rate: Double
  /// Maximum number of pairs; `nil` for no limit.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// Milliseconds after opening at which the pair with this number (from 0) sends its first request; `nil` after the last pair.
  func start(_ number: Int) -> Int? {
    if let limit, number >= limit { return nil }
    return chance.arrival(number, perSecond: rate)
  }

  /// The first request of the pair with this number.
  func request(_ number: Int, friendshipId: Int) -> FriendRequest {
    let place = (number * Self.stride + chance.pick(0...Self.pairs - 1, 0, "pairs")) % Self.pairs
    let (requester, other) = (place / (Self.users - 1) + 1, place % (Self.users - 1) + 1)
    return FriendRequest(
      number: number, requester: requester, addressee: other < requester ? other : other + 1, round: 1,
      friendshipId: friendshipId)
  }

  /// The next request of the same pair.
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

  /// Milliseconds until the requester sends another request; `nil` for none. One in three does.
  func askingAgain(_ number: Int) -> Int? {
    chance.fraction(number, "again") < 0.34 ? chance.pick(1500...3000, number, "again time") : nil
  }

  /// Whether this event is published twice while the fault `duplicates` is active.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event is published late while the fault `reorder` is active.
  func isLate(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "late " + type) < 0.25 }
}

/// A friend request from one user to another.
struct FriendRequest: Equatable {
  /// Input for the random choices: later requests of a pair have other numbers.
  let number: Int
  let requester: Int
  let addressee: Int
  /// 1 for the first request of this pair.
  let round: Int
  /// The id from the database, increasing in the order of the requests.
  let friendshipId: Int

  var pair: String { "\(requester)-\(addressee)" }

  /// The event fields. A rejected or cancelled request is deleted first, so its id is no longer known.
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

/// One line of the chat's ledger. Only friend requests have lines. All members:
///
/// * `time`: the event's own time, milliseconds since 1970; the event itself has microseconds.
/// * `pair`: `<requester>-<addressee>`. A pair may send another request after a rejection or cancellation.
/// * `round`: number of the pair's requests so far, including this one.
/// * `friendshipId`: the id of this request as text, even if the event contains 0.
/// * `event`: the event type; null for a dead letter.
/// * `business`: the resulting state of the request: `open`, `accepted`, `rejected`, `cancelled`, or `parked` (a consumer failed and
///   moved it to the dead-letter topic).
/// * `error`: why it was parked; null without a reason.
/// * `duplicate`: true if the same event was sent before.
/// * `topic`, `partition`, `offset`: its position in Kafka.
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
