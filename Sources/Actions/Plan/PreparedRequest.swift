import Clients
import Core
import Text

/// A complete request, ready to be sent.
struct PreparedRequest: Sendable, Equatable {
  enum Call: Sendable, Equatable {
    case http(HTTP)
    case kafka(Kafka)
    case command([String])
    case releaseLock(Release)
  }

  struct HTTP: Sendable, Equatable {
    var api: String?
    var method: String
    var url: String
    /// Number of bytes of the URL that are the API's address.
    var serverLength = 0
    var headers: [String]
    var body: String?
    /// The key is sent in quotation marks.
    var quotesKey = false

    func keyLine(_ key: String) -> String { "\(PreparedRequest.keyHeader): \(quotesKey ? "\"\(key)\"" : key)" }
  }

  struct Kafka: Sendable, Equatable {
    var topic: String
    /// If `nil`, the partition is chosen by the key.
    var partition: Int32? = nil
    var key: [UInt8]?
    var headers: [KafkaMessage.Header]
    var value: [UInt8]
    /// Position of the original of a message that is published again. Its complete key and headers are read from there directly before
    /// sending.
    var origin: ExpectationCheck.Place?
  }

  /// A lock to delete if its token is unchanged: the value of a string, or a field of Redisson's hash.
  struct Release: Sendable, Equatable {
    var source: String
    var key: String
    var token: String
    var isHash: Bool
  }

  static let keyHeader = "Idempotency-Key"

  var call: Call
  var idempotencyKey: String
  var timeout: Duration

  /// The request as lines for display, without control characters.
  var lines: [String] {
    switch call {
    case .http(let http):
      let head = ["\(http.method) \(http.url)"] + http.headers + [http.keyLine(idempotencyKey)]
      return head + (http.body.map { ["", $0] } ?? [])
    case .kafka(let kafka):
      let headers = kafka.headers.map { "\($0.name): \(ByteText.text($0.value))" }
      return ["publish to \(kafka.topic)"] + (kafka.key.map { ["key: \(ByteText.text($0))"] } ?? []) + headers
        + ["idempotency-key: \(idempotencyKey)", "", ByteText.text(kafka.value)]
    case .command(let words):
      return [words.map(Self.quoted).joined(separator: " "), "SAGATOP_IDEMPOTENCY_KEY=\(idempotencyKey)"]
    case .releaseLock(let lock):
      return ["release lock \(lock.key) on \(lock.source)", "if it is still held by \(lock.token)"]
    }
  }

  /// Quotes as for a shell. For display only; no shell is used.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        byte > 0x2a && byte < 0x7f && !Array("<>?[\\]^`{|};&".utf8).contains(byte)
      }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// SHA-256 of the displayed request. Contains the API's name instead of its address, so that the digest does not change if the server
  /// moves.
  func digest(_ mask: (String) -> String) -> String {
    var lines = lines
    if case .http(let http) = call, let api = http.api {
      lines[0] = "\(http.method) \(api):\(String(decoding: http.url.utf8.dropFirst(http.serverLength), as: UTF8.self))"
    }
    return SHA256.hex(mask(lines.joined(separator: "\n")))
  }
}

/// A plan with its requests, as stored in the executor. The screen receives only its description.
struct PreparedPlan: Sendable {
  struct Item: Sendable {
    var item: ActionPlan.Item
    var definition: ActionDefinition
    var request: PreparedRequest
    /// Earlier actions for this subject.
    var past: Set<ActionRecord.ID>
    /// An earlier attempt with the same key was sent, and its outcome is unknown.
    var isRepeated = false
    /// The operator insisted on it although it was already done.
    var isInsistedOn = false
    /// An earlier request has an unknown outcome, but its key is not used again.
    var leavesKey = false
    /// The saga's state at planning time, to detect later whether it changed as expected.
    var before: ExpectationCheck?
  }

  /// Limits of a run: the lowest limits of its actions and of the operator's request.
  struct Pace: Sendable, Equatable {
    var concurrency: Int
    /// Requests per second.
    var rate: Int
    /// Number of consecutive refused or unknown results with the same text that stop the run.
    var stopAfter: Int

    init(_ wish: ActionRequest, _ items: [Item]) {
      let definitions = items.map(\.definition)
      concurrency = min(definitions.map(\.concurrency).min() ?? 1, wish.concurrency ?? .max)
      rate = min(definitions.map(\.rate).min() ?? 1, wish.rate ?? .max)
      stopAfter = definitions.map(\.stopAfter).min() ?? 1
    }
  }

  var plan: ActionPlan
  var items: [Item]
  var pace: Pace
  /// Monotonic clock that also advances while the machine is suspended.
  let madeAt = ContinuousClock.now
}
