import Clients
import Core
import Text

/// A request as stored next to the audit log, so that it can be repeated byte by byte. A secret is stored as a reference and an API as
/// its name. Both are resolved from the configuration when the request is read.
struct KeptRequest {
  private static let schema = "sagatop.request/v1"

  /// The configuration's secrets and APIs.
  let secrets: [String]
  let apis: [ActionAPI]

  // MARK: Writing

  /// The JSON never contains a secret.
  func json(_ request: PreparedRequest) -> String {
    let call: [(String, JSONValue)] =
      switch request.call {
      case .http(let http): self.http(http, request.idempotencyKey)
      case .kafka(let kafka): self.kafka(kafka, request.idempotencyKey)
      case .command(let words): [("command", .array(words.map { text($0, request.idempotencyKey) }))]
      case .releaseLock(let lock):
        [
          ("source", .string(lock.source)), ("lock", text(lock.key, request.idempotencyKey)),
          ("token", text(lock.token, request.idempotencyKey)), ("isHash", .bool(lock.isHash)),
        ]
      }
    let head: [(String, JSONValue)] = [
      ("schema", .string(Self.schema)), ("idempotencyKey", .string(request.idempotencyKey)),
    ]
    return JSONWriter.write(.object(head + call), isPretty: false)
  }

  private func http(_ http: PreparedRequest.HTTP, _ salt: String) -> [(String, JSONValue)] {
    let target = String(decoding: http.url.utf8.dropFirst(http.serverLength), as: UTF8.self)
    return [
      ("api", http.api.map { .string($0) } ?? .null), ("method", .string(http.method)), ("target", text(target, salt)),
      ("headers", .array(http.headers.map { text($0, salt) })), ("body", http.body.map { text($0, salt) } ?? .null),
      ("quotesKey", .bool(http.quotesKey)),
    ]
  }

  private func kafka(_ kafka: PreparedRequest.Kafka, _ salt: String) -> [(String, JSONValue)] {
    let headers = kafka.headers.map {
      JSONValue.object([("name", .string($0.name)), ("value", bytes($0.value, salt))])
    }
    let origin = kafka.origin.map {
      JSONValue.object([
        ("topic", .string($0.topic)), ("partition", .int(Int64($0.partition))), ("offset", .int($0.offset)),
      ])
    }
    return [
      ("topic", text(kafka.topic, salt)), ("partition", kafka.partition.map { .int(Int64($0)) } ?? .null),
      ("key", kafka.key.map { bytes($0, salt) } ?? .null), ("headers", .array(headers)),
      ("value", bytes(kafka.value, salt)), ("origin", origin ?? .null),
    ]
  }

  /// A string, or a list of strings and references if the text contains secrets.
  private func text(_ text: String, _ salt: String) -> JSONValue {
    var parts: [JSONValue] = []
    var rest = Array(text.utf8)[...]
    func add(_ bytes: ArraySlice<UInt8>) {
      if !bytes.isEmpty { parts.append(.string(String(decoding: bytes, as: UTF8.self))) }
    }
    while let (place, secret) = SecretText.first(of: secrets, in: rest) {
      add(rest[..<place.lowerBound])
      parts.append(.object([("secret", .string(Self.reference(secret, salt)))]))
      rest = rest[place.upperBound...]
    }
    if parts.isEmpty { return .string(text) }
    add(rest)
    return .array(parts)
  }

  /// 16 bits identify a secret of the configuration but do not allow recovering it.
  private static func reference(_ secret: String, _ salt: String) -> String {
    String(SHA256.hex("\(salt)\n\(secret)").prefix(4))
  }

  private func bytes(_ bytes: [UInt8], _ salt: String) -> JSONValue {
    if let valid = String(validating: bytes, as: UTF8.self) { return text(valid, salt) }
    // Binary data cannot contain references. If it contains a secret, it is not stored, and the request cannot be restored.
    let isSecret = SecretText.isFound(secrets, in: bytes)
    return .object([isSecret ? ("secret", .string("")) : ("base64", .string(Base64.encoded(bytes)))])
  }

  // MARK: Reading

  /// `nil` if it is not a stored request, or if the configuration no longer has its secret or API.
  func request(_ json: [UInt8], timeout: Duration) -> PreparedRequest? {
    guard let node = JSONNode(json), node["schema"]?.text == Self.schema, let key = node["idempotencyKey"]?.text
    else { return nil }
    let call: PreparedRequest.Call? =
      if node["method"] != nil {
        http(node, key).map { .http($0) }
      } else if node["topic"] != nil {
        kafka(node, key).map { .kafka($0) }
      } else if let words = node["command"]?.elements {
        all(words, { text($0, key) }).map { .command($0) }
      } else {
        lock(node, key).map { .releaseLock($0) }
      }
    return call.map { PreparedRequest(call: $0, idempotencyKey: key, timeout: timeout) }
  }

  private func http(_ node: JSONNode, _ salt: String) -> PreparedRequest.HTTP? {
    let name = node["api"]?.text
    let api = apis.first { $0.name == name }
    guard name == nil || api != nil, let method = node["method"]?.text, let target = text(node["target"], salt),
      let headers = node["headers"]?.elements.flatMap({ all($0) { text($0, salt) } })
    else { return nil }
    let body = text(node["body"], salt)
    guard body != nil || node["body"] == .null else { return nil }
    return PreparedRequest.HTTP(
      api: name, method: method, url: (api?.url ?? "") + target, serverLength: api?.url.utf8.count ?? 0,
      headers: headers, body: body, quotesKey: node["quotesKey"]?.truth ?? false)
  }

  private func kafka(_ node: JSONNode, _ salt: String) -> PreparedRequest.Kafka? {
    let headers = node["headers"]?.elements.flatMap { elements in
      all(elements) { header in
        header["name"]?.text.flatMap { name in
          bytes(header["value"], salt).map { KafkaMessage.Header(name: name, value: $0) }
        }
      }
    }
    let key = bytes(node["key"], salt)
    guard let topic = text(node["topic"], salt), let value = bytes(node["value"], salt), let headers,
      key != nil || node["key"] == .null
    else { return nil }
    var kafka = PreparedRequest.Kafka(topic: topic, key: key, headers: headers, value: value)
    kafka.partition = node["partition"]?.scalar.flatMap { Int32($0) }
    if let origin = node["origin"], origin != .null {
      guard let topic = origin["topic"]?.text, let partition = origin["partition"]?.scalar.flatMap({ Int32($0) }),
        let offset = origin["offset"]?.scalar.flatMap({ Int64($0) })
      else { return nil }
      kafka.origin = .init(topic: topic, partition: partition, offset: offset)
    }
    return kafka
  }

  private func lock(_ node: JSONNode, _ salt: String) -> PreparedRequest.Release? {
    guard let source = node["source"]?.text, let key = text(node["lock"], salt), let token = text(node["token"], salt)
    else { return nil }
    return .init(source: source, key: key, token: token, isHash: node["isHash"]?.truth ?? false)
  }

  private func text(_ node: JSONNode?, _ salt: String) -> String? {
    guard let parts = node?.elements else { return node?.text }
    return all(parts) { part in part.text ?? part["secret"]?.text.flatMap { secret($0, salt) } }?.joined()
  }

  /// `nil` if no secret, or more than one, matches the reference.
  private func secret(_ reference: String, _ salt: String) -> String? {
    let found = Set(secrets.filter { Self.reference($0, salt) == reference })
    return found.count == 1 ? found.first : nil
  }

  private func bytes(_ node: JSONNode?, _ salt: String) -> [UInt8]? {
    if let digits = node?["base64"]?.text { return Base64.decoded(Array(digits.utf8)) }
    return text(node, salt).map { Array($0.utf8) }
  }

  /// `nil` if `read` returns `nil` for any node.
  private func all<Element>(_ nodes: [JSONNode], _ read: (JSONNode) -> Element?) -> [Element]? {
    let found = nodes.compactMap(read)
    return found.count == nodes.count ? found : nil
  }
}
