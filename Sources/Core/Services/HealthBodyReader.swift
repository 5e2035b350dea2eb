import Text

/// Reads what services answer: Spring's actuator, `{"status":…}`, health+json, gateways' maps of services, maps of circuit breakers,
/// projections, or a word alone. Of any other body it says why it tells nothing of the service's health.
package struct HealthBodyReader: Sendable, Equatable {
  /// Where the word stands, for bodies of a form of their own.
  package var path: [String]
  package var words: HealthWords
  /// The HTTP status alone counts, whatever the body is.
  package var isIgnored = false

  private static let deepest = 6
  private static let longestText = 300
  private static let causes = ["error", "message", "output", "reason", "errorMessage"]

  package init(path: [String] = [], words: HealthWords = HealthWords()) {
    self.path = path
    self.words = words
  }

  package func read(_ bytes: [UInt8]) -> HealthBody {
    if isIgnored { return HealthBody() }
    // Some frameworks put a byte order mark before UTF-8; a reader may pass it over (RFC 8259, 8.1).
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let node = JSONNode(bytes) else { return plain(bytes) }
    var body = HealthBody()
    readDocument(node, into: &body)
    if path.isEmpty { body.problem = Self.problem(of: body) } else { readPath(node, into: &body) }
    return body
  }

  /// Of a body that was cut: half of it says nothing.
  package func cut(at limit: String) -> HealthBody {
    var body = HealthBody()
    if !isIgnored { body.problem = "its body is longer than \(limit): the rest was not read" }
    return body
  }

  /// A body that is no JSON is a word, or says nothing.
  private func plain(_ bytes: [UInt8]) -> HealthBody {
    var body = HealthBody()
    let word = String(decoding: bytes.prefix(64), as: UTF8.self).split { $0.isWhitespace }.joined(separator: " ")
    if !path.isEmpty {
      body.problem = "the body is not JSON"
    } else if bytes.count <= 64, let meaning = words.meaning(of: word) {
      (body.status, body.meaning) = (word, meaning)
    } else {
      body.problem = Self.problem(of: bytes, word)
    }
    return body
  }

  /// Why bytes that are no JSON tell nothing; `word` is how they begin.
  private static func problem(of bytes: [UInt8], _ word: String) -> String {
    switch (bytes.first, bytes.dropFirst().first) {
    case _ where word.isEmpty: "its body is empty"
    case (0x1F, 0x8B), (0x28, 0xB5): "its body is compressed, which was not asked for"
    case (0xFF, 0xFE), (0xFE, 0xFF), (_, 0): "its body is UTF-16, not UTF-8"
    case (UInt8(ascii: "<"), _): "its body is a page, and no word for its health"
    case (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): "its body is damaged JSON, or nested too deep"
    default: "its body begins with `\(bounded(word))`, which is none of the words for its health"
    }
  }

  /// What a document lacks that would tell the health of the whole.
  private static func problem(of body: HealthBody) -> String? {
    if let status = body.status {
      return body.meaning == nil ? "says `\(status)`, which is none of the words for its health" : nil
    }
    if let part = body.components.first(where: { $0.meaning == nil }) {
      return "says that \(part.name) is `\(part.status)`, which is none of the words for its health"
    }
    let isTold = !body.components.isEmpty || !body.circuits.isEmpty || !body.projections.isEmpty
    return isTold ? nil : "its body has no word for its health"
  }

  private func readPath(_ node: JSONNode, into body: inout HealthBody) {
    var value: JSONNode? = node
    for name in path { value = value?[name] }
    guard let word = value?.scalar else {
      body.problem = "the body has no `\(path.joined(separator: "."))`"
      (body.status, body.meaning) = (nil, nil)
      return
    }
    (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word))
    if body.meaning == nil { body.problem = "`\(Self.bounded(word))` is none of the words for its health" }
  }

  private func readDocument(_ node: JSONNode, into body: inout HealthBody) {
    if case .array = node { return readProjections(node, into: &body) }
    guard let members = node.members else {
      if let word = node.scalar { (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word)) }
      return
    }
    if let projections = node["projections"] { readProjections(projections, into: &body) }
    if let services = node["services"]?.members, services.contains(where: { $0.value["status"] != nil }) {
      body.isGateway = true
      readComponents(services, prefix: "", depth: 0, into: &body)
    }
    if let circuits = circuits(members) { body.circuits += circuits }
    readStatus(node, into: &body)
    for name in ["components", "details", "checks"] {
      readComponents(node[name]?.members ?? [], prefix: "", depth: 0, into: &body)
    }
    readConnections(members, into: &body)
  }

  private func readStatus(_ node: JSONNode, into body: inout HealthBody) {
    if let word = (node["gateway"] ?? node["status"])?.text {
      (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word))
    }
    if let isHealthy = (node["isHealthy"] ?? node["healthy"])?.truth {
      if body.status == nil { body.status = isHealthy ? "healthy" : "unhealthy" }
      body.meaning = isHealthy ? body.meaning ?? .up : .down
    }
    if body.meaning != .up { body.detail = Self.cause(node) }
  }

  /// `"database":{"connected":true}` beside the status.
  private func readConnections(_ members: [JSONNode.Member], into body: inout HealthBody) {
    for member in members {
      guard let isConnected = member.value["connected"]?.truth else { continue }
      add(
        HealthBody.Component(
          Self.bounded(member.name), isConnected ? "connected" : "not connected", isConnected ? .up : .down,
          detail: Self.cause(member.value)), to: &body)
    }
  }

  private func readComponents(
    _ members: [JSONNode.Member], prefix: String, depth: Int, into body: inout HealthBody
  ) {
    guard depth < Self.deepest else { return }
    for member in members {
      let name = Self.bounded(prefix + member.name)
      if let circuit = circuit(member.name, member.value["details"]) {
        if body.circuits.count < HealthBody.mostParts { body.circuits.append(circuit) }
        continue
      }
      for value in member.value.elements ?? [member.value] { readComponent(name, value, depth: depth, into: &body) }
    }
  }

  private func readComponent(_ name: String, _ value: JSONNode, depth: Int, into body: inout HealthBody) {
    if let status = value["status"]?.text {
      let detail = Self.cause(value) ?? value["details"].flatMap(Self.cause)
      add(HealthBody.Component(name, Self.bounded(status), words.meaning(of: status), detail: detail), to: &body)
    }
    for nested in ["components", "details"] {
      readComponents(value[nested]?.members ?? [], prefix: "\(name)/", depth: depth + 1, into: &body)
    }
  }

  private func add(_ component: HealthBody.Component, to body: inout HealthBody) {
    guard body.components.count < HealthBody.mostParts else { return }
    body.components.append(component)
  }

  /// A map whose members are all circuit breakers.
  private func circuits(_ members: [JSONNode.Member]) -> [HealthBody.Circuit]? {
    guard !members.isEmpty else { return nil }
    let circuits = members.prefix(HealthBody.mostParts).compactMap { circuit($0.name, $0.value) }
    return circuits.count == min(members.count, HealthBody.mostParts) ? circuits : nil
  }

  private func circuit(_ name: String, _ node: JSONNode?) -> HealthBody.Circuit? {
    guard let node, let state = node["state"]?.text.flatMap(CircuitState.init(word:)) else { return nil }
    let count = (node["failure_count"] ?? node["failureCount"] ?? node["failedCalls"])?.double
    return HealthBody.Circuit(
      Self.bounded(name), state, failureRate: Self.share(node["failureRate"]),
      threshold: Self.share(node["failureRateThreshold"]),
      failureCount: count.flatMap { Int(exactly: $0.rounded()) },
      retryAfter: (node["retry_after"] ?? node["retryAfter"])?.double.map { .seconds(min(max(0, $0), 1e9)) })
  }

  /// "12.5%" or 12.5; below zero there were too few calls.
  private static func share(_ node: JSONNode?) -> Double? {
    let percent = node?.double ?? node?.text.flatMap { Double($0.filter { $0 != "%" && $0 != " " }) }
    return percent.flatMap { $0.isFinite && $0 >= 0 ? $0 / 100 : nil }
  }

  private func readProjections(_ node: JSONNode, into body: inout HealthBody) {
    for item in (node.elements ?? []).prefix(HealthBody.mostParts) {
      guard let name = item["name"]?.text, let status = item["status"]?.text else { continue }
      let time = (item["last_update"] ?? item["lastUpdate"])?.scalar.flatMap { TimestampParser.parse($0) }
      body.projections.append(HealthBody.Projection(Self.bounded(name), Self.bounded(status), updatedAt: time))
    }
  }

  private static func cause(_ node: JSONNode) -> String? {
    for name in causes {
      if let text = node[name]?.text, !text.isEmpty { return bounded(text) }
    }
    return nil
  }

  private static func bounded(_ text: String) -> String {
    text.utf8.count <= longestText ? text : String(text.unicodeScalars.prefix(longestText - 1)) + "…"
  }
}
