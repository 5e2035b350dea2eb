import Clients
import Core
import Text

/// One request with everything filled in, ready to be sent.
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
    /// How much of the URL is the API's address.
    var serverLength = 0
    var headers: [String]
    var body: String?
    /// The key is sent in quotation marks.
    var quotesKey = false

    func keyLine(_ key: String) -> String { "\(PreparedRequest.keyHeader): \(quotesKey ? "\"\(key)\"" : key)" }
  }

  struct Kafka: Sendable, Equatable {
    var topic: String
    /// `nil` leaves it to the key.
    var partition: Int32? = nil
    var key: [UInt8]?
    var headers: [KafkaMessage.Header]
    var value: [UInt8]
    /// Where the message lies that is published again: its key and headers are taken from there right before, whole.
    var origin: ExpectationCheck.Place?
  }

  /// A lock that is removed if it is still held with this token: a string's value, or a field of Redisson's hash.
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

  /// The request as people read it, line by line, without control characters.
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

  /// As a shell would need it, for who reads it: no shell does.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        byte > 0x2a && byte < 0x7f && !Array("<>?[\\]^`{|};&".utf8).contains(byte)
      }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// SHA-256 of what is shown of it. Of an API the name counts, not the address: a request stays the same when its server moves.
  func digest(_ mask: (String) -> String) -> String {
    var lines = lines
    if case .http(let http) = call, let api = http.api {
      lines[0] = "\(http.method) \(api):\(String(decoding: http.url.utf8.dropFirst(http.serverLength), as: UTF8.self))"
    }
    return SHA256.hex(mask(lines.joined(separator: "\n")))
  }
}

/// A plan as the gate keeps it: with the requests that it stands for. What the screen holds is only its description.
struct PreparedPlan: Sendable {
  struct Item: Sendable {
    var item: ActionPlan.Item
    var definition: ActionDefinition
    var request: PreparedRequest
    /// What was sent for it before.
    var past: Set<ActionRecord.ID>
    /// An earlier attempt with the same key was sent, and its outcome is unknown.
    var isRepeated = false
    /// It is included although it was done already.
    var isInsistedOn = false
    /// The key of a request whose outcome is unknown is not used again.
    var leavesKey = false
    /// The saga as it was seen, to tell later whether it moved as expected.
    var before: ExpectationCheck?
  }

  /// How fast it may go: no faster than any of its actions, nor than the operator says.
  struct Pace: Sendable, Equatable {
    var concurrency: Int
    /// In a second.
    var rate: Int
    /// Number of consecutive refused or unknown results with the same words that stop it.
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
  /// By a monotonic clock that also advances while this process is suspended.
  let madeAt = ContinuousClock.now
}
