import Core
import Synchronization

/// The tokens that APIs have given, shared by all that send. Each API is asked by one thread at a time.
final class TokenStore: Sendable {
  struct Token: Sendable, Equatable {
    var text: String
    /// `nil` where it does not tell.
    var expiresAt: Timestamp?
    /// From then on it is not given any more; `nil` where it is given until it is refused.
    fileprivate var renewsAt: Timestamp?

    init(text: String, expiresAt: Timestamp?) {
      self.text = text
      self.expiresAt = expiresAt
    }
  }

  /// A token is renewed so long before it expires; a short-lived one after four fifths of its life.
  private static let margin = Duration.seconds(30)
  /// Whoever was just not let in is not asked for again so soon: hundreds of tries with a wrong password lock an account.
  private static let respite = Duration.seconds(5)

  private let tokens = Mutex<[String: Token]>([:])
  private let failures = Mutex<[String: (failure: APILogin.Failure, at: ContinuousClock.Instant)]>([:])
  private let asking = Mutex(())

  /// The token that is kept, else a new one. One that was `refused`, or is about to expire, is not given again.
  func token(
    of api: String, refused: String?, now: Timestamp, _ ask: () -> Result<Token, APILogin.Failure>
  ) -> Result<String, APILogin.Failure> {
    asking.withLock { _ in
      if let kept = tokens.withLock({ $0[api] }), kept.text != refused,
        kept.renewsAt.map({ now < $0 }) ?? true
      {
        return .success(kept.text)
      }
      if let last = failures.withLock({ $0[api] }), ContinuousClock.now - last.at < Self.respite {
        return .failure(last.failure)
      }
      let asked = ask()
      switch asked {
      case .success(var token):
        token.renewsAt = token.expiresAt.map { $0 - min(Self.margin, ($0 - now) / 5) }
        tokens.withLock { $0[api] = token }
      case .failure(let failure): failures.withLock { $0[api] = (failure, .now) }
      }
      return asked.map(\.text)
    }
  }

  /// Hides every token in a text.
  func mask(_ text: String) -> String {
    tokens.withLock { $0.values.map(\.text) }.filter { $0.utf8.count >= 4 }.reduce(text) {
      $0.replacing($1, with: "***")
    }
  }
}
