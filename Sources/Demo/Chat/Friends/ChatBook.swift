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
