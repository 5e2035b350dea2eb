/// All friend requests there will be, and how they are answered: a function of the seed and the request's number, never of timing.
struct ChatBook: Equatable {
  enum Answer: String {
    case accepted, rejected, cancelled
    /// The service fails at it, and puts the message aside.
    case deadLetter
    /// Nobody answers.
    case none
  }

  static let users = 200

  let chance: SeededChance
  /// Friend requests per second.
  let rate: Double
  /// How many there will be; nil for no end.
  let limit: Int?

  init(seed: UInt64, rate: Double, limit: Int? = nil) {
    chance = SeededChance(seed: seed)
    self.rate = rate
    self.limit = limit
  }

  /// Milliseconds after opening at which the request of that number from 0 is sent; nil past the last.
  func start(_ number: Int) -> Int? {
    if let limit, number >= limit { return nil }
    return chance.arrival(number, perSecond: rate)
  }

  func answer(_ number: Int) -> Answer {
    switch chance.fraction(number, "answer") {
    case ..<0.65: .accepted
    case ..<0.82: .rejected
    case ..<0.92: .cancelled
    case ..<0.96: .deadLetter
    default: .none
    }
  }

  func answerDelay(_ number: Int) -> Int { chance.pick(50...600, number, "answer time") }

  func user(_ number: Int, _ role: String) -> Int { chance.pick(1...Self.users, number, role) }

  /// Whether this event is published twice while there are duplicates.
  func isDuplicated(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "duplicate " + type) < 0.1 }

  /// Whether this event is published late while events are reordered.
  func isLate(_ number: Int, _ type: String) -> Bool { chance.fraction(number, "late " + type) < 0.25 }
}
