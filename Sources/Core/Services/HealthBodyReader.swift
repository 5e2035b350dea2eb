import Text

/// Reads health bodies: Spring's actuator, MicroProfile and Quarkus, ASP.NET, health+json, `{"status":…}`, gateways' maps of services,
/// maps of circuit breakers, projections, or a single word. For any other body it states why the health is unknown.
package struct HealthBodyReader: Sendable, Equatable {
  /// Path of the word in custom bodies.
  package var path: [String]
  package var words: HealthWords
  /// Only the HTTP status is used; the body is ignored.
  package var isIgnored = false

  private static let deepest = 6
  private static let longestText = 300
  private static let causes = ["error", "message", "output", "exception", "reason", "errorMessage"]
  private static let partCauses = causes + ["description", "detail"]
  /// Names of members that contain the parts of the service.
  private static let parts = ["components", "details", "checks", "entries", "results", "dependencies", "services"]
  private static let partNames = ["name", "component", "key", "id"]

  package init(path: [String] = [], words: HealthWords = HealthWords()) {
    self.path = path
    self.words = words
  }

  package func read(_ bytes: [UInt8]) -> HealthBody {
    if isIgnored { return HealthBody() }
    // Some frameworks write a byte order mark before UTF-8; a parser may ignore it (RFC 8259, 8.1).
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let node = JSONValue(bytes) else { return plain(bytes) }
    var body = HealthBody()
    readDocument(node, into: &body)
    if !path.isEmpty { readPath(node, into: &body) }
    if body.problem == nil { body.problem = Self.problem(of: body) }
    return body
  }

  /// For a truncated body, which cannot be evaluated.
  package func cut(at limit: String) -> HealthBody {
    var body = HealthBody()
    if !isIgnored { body.problem = "its body is longer than \(limit): the rest was not read" }
    return body
  }

  /// A body that is not JSON is a single word or unknown.
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

  /// Why bytes that are not JSON cannot be evaluated; `word` is their beginning.
  private static func problem(of bytes: [UInt8], _ word: String) -> String {
    switch (bytes.first, bytes.dropFirst().first) {
    case _ where word.isEmpty: "its body is empty"
    case (0x1F, 0x8B), (0x28, 0xB5): "its body is compressed, which was not asked for"
    case (0xFF, 0xFE), (0xFE, 0xFF), (_, 0): "its body is UTF-16, not UTF-8"
    case (UInt8(ascii: "<"), _): "its body is a page, and no word for its health"
    case (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): "its body is damaged JSON, or nested too deep"
    default: bytes.count <= 64 ? HealthWords.unknown(word) : "its body is a text without a known word"
    }
  }

  /// Why the overall health is unknown; `nil` if it is known.
  private static func problem(of body: HealthBody) -> String? {
    if let status = body.status, body.meaning == nil { return HealthWords.unknown(status) }
    if let part = body.components.first(where: { $0.meaning == nil }) {
      return HealthWords.unknown(part.status, of: part.name)
    }
    if body.status == nil, !body.components.isEmpty, body.components.allSatisfy({ $0.meaning == .unknown }) {
      return "its parts do not know their health"
    }
    let isTold = body.status != nil || !body.components.isEmpty || !body.circuits.isEmpty || !body.projections.isEmpty
    return isTold ? nil : "its body has no word for its health"
  }

  private func readPath(_ node: JSONValue, into body: inout HealthBody) {
    (body.status, body.meaning, body.problem) = (nil, nil, nil)
    var value: JSONValue? = node
    for name in path { value = value?[name] }
    guard let word = value?.scalar else {
      body.problem = "the body has no `\(path.joined(separator: "."))`"
      return
    }
    (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word))
  }

  private func readDocument(_ node: JSONValue, into body: inout HealthBody) {
    if case .array = node { return readProjections(node, into: &body) }
    guard let members = node.members else {
      if let word = node.scalar { (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word)) }
      return
    }
    if let projections = node["projections"] { readProjections(projections, into: &body) }
    if let services = node["services"]?.members, services.contains(where: { $0.value["status"] != nil }) {
      body.isGateway = true
      readParts(services, prefix: "", depth: 0, into: &body)
    }
    if let circuits = circuits(members) { body.circuits += circuits }
    readStatus(node, members, into: &body)
    for name in Self.parts where name != "services" || !body.isGateway {
      let members = Self.members(node[name])
      readParts(members, prefix: "", depth: 0, into: &body)
      if name != "details" { readWords(members, into: &body) }
    }
    readConnections(members, into: &body)
  }

  private func readStatus(_ node: JSONValue, _ members: [JSONValue.Member], into body: inout HealthBody) {
    let name = node["gateway"]?.text == nil ? "status" : "gateway"
    // A number is an HTTP status code or something else.
    if let word = node[name]?.text ?? node[name]?.truth.map({ "\($0)" }) {
      (body.status, body.meaning) = (Self.bounded(word), words.meaning(of: word))
    }
    let said = members.filter { $0.name == name }
    if said.contains(where: { $0.value != said[0].value }) {
      body.meaning = nil
      body.problem = "the JSON has `\(name)` more than once, with different words"
    }
    if let isHealthy = (node["isHealthy"] ?? node["healthy"])?.truth {
      if body.status == nil { body.status = isHealthy ? "healthy" : "unhealthy" }
      body.meaning = isHealthy ? body.meaning ?? .up : .down
    }
    if body.meaning != .up { body.detail = Self.cause(node, causes: Self.causes + ["detail"]) }
  }

  /// `"database":{"connected":true}` next to the status.
  private func readConnections(_ members: [JSONValue.Member], into body: inout HealthBody) {
    for member in members {
      guard let isConnected = member.value["connected"]?.truth else { continue }
      add(
        HealthBody.Component(
          Self.bounded(member.name), isConnected ? "connected" : "not connected", isConnected ? .up : .down,
          detail: Self.cause(member.value)), to: &body)
    }
  }

  /// The members of a map; the elements of a list, by their names.
  private static func members(_ node: JSONValue?) -> [JSONValue.Member] {
    if let members = node?.members { return members }
    return (node?.elements ?? []).enumerated().map { place, element in
      let name = partNames.lazy.compactMap { element[$0]?.scalar }.first
      return JSONValue.Member(name: name ?? "\(place + 1)", value: element)
    }
  }

  private func readParts(
    _ members: [JSONValue.Member], prefix: String, depth: Int, isDetail: Bool = false, into body: inout HealthBody
  ) {
    guard depth < Self.deepest else {
      if !members.isEmpty { body.problem = "its parts are nested more than \(Self.deepest) levels deep" }
      return
    }
    for member in members {
      let name = Self.bounded(prefix + member.name)
      if let circuit = circuit(of: member) {
        if body.circuits.count < HealthBody.mostParts { body.circuits.append(circuit) }
        continue
      }
      for value in member.value.elements ?? [member.value] {
        readPart(name, value, depth: depth, isDetail: isDetail, into: &body)
      }
    }
  }

  /// `"database":"DOWN"` or `"database":false`. Other texts may be unrelated to health.
  private func readWords(_ members: [JSONValue.Member], into body: inout HealthBody) {
    for member in members {
      guard let word = member.value.text ?? member.value.truth.map({ "\($0)" }), let meaning = words.meaning(of: word)
      else { continue }
      add(HealthBody.Component(Self.bounded(member.name), Self.bounded(word), meaning), to: &body)
    }
  }

  /// A member `status` in a part's details may be unrelated to health: only known words count there.
  private func readPart(_ name: String, _ value: JSONValue, depth: Int, isDetail: Bool, into body: inout HealthBody) {
    if let status = value["status"]?.scalar ?? (value["healthy"] ?? value["isHealthy"])?.truth.map({ "\($0)" }) {
      let meaning = words.meaning(of: status)
      let detail = Self.cause(value) ?? Self.cause(value["details"]) ?? Self.cause(value["data"], orFirst: true)
      if meaning != nil || !isDetail {
        add(HealthBody.Component(name, Self.bounded(status), meaning, detail: detail), to: &body)
      }
    }
    for nested in ["components", "details"] {
      readParts(
        value[nested]?.members ?? [], prefix: "\(name)/", depth: depth + 1, isDetail: isDetail || nested == "details",
        into: &body)
    }
  }

  /// Above the limit, healthy parts are dropped first.
  private func add(_ component: HealthBody.Component, to body: inout HealthBody) {
    if body.components.count < HealthBody.mostParts { return body.components.append(component) }
    guard component.meaning != .up, let place = body.components.firstIndex(where: { $0.meaning == .up }) else { return }
    body.components[place] = component
  }
}

extension HealthBodyReader {
  /// A map of circuit breakers only.
  private func circuits(_ members: [JSONValue.Member]) -> [HealthBody.Circuit]? {
    guard !members.isEmpty else { return nil }
    let circuits = members.prefix(HealthBody.mostParts).compactMap { circuit($0.name, $0.value) }
    return circuits.count == min(members.count, HealthBody.mostParts) ? circuits : nil
  }

  /// A part's `state` may be that of a connection: it is a circuit only with Resilience4j's circuit fields.
  private func circuit(of part: JSONValue.Member) -> HealthBody.Circuit? {
    let details = part.value["details"]
    let isCircuit =
      part.value["status"]?.text?.hasPrefix("CIRCUIT") ?? false
      || Self.circuitFigures.contains { details?[$0] != nil }
    return isCircuit ? circuit(part.name, details) : nil
  }

  private static let circuitFigures = [
    "failureRate", "failureRateThreshold", "bufferedCalls", "failedCalls", "notPermittedCalls", "failure_count",
    "failureCount",
  ]

  private func circuit(_ name: String, _ node: JSONValue?) -> HealthBody.Circuit? {
    guard let node, let state = node["state"]?.text.flatMap(CircuitState.init(word:)) else { return nil }
    let count = (node["failure_count"] ?? node["failureCount"] ?? node["failedCalls"])?.double
    return HealthBody.Circuit(
      Self.bounded(name), state, failureRate: Self.share(node["failureRate"]),
      threshold: Self.share(node["failureRateThreshold"]),
      failureCount: count.flatMap { Int(exactly: $0.rounded()) },
      retryAfter: (node["retry_after"] ?? node["retryAfter"])?.double.map { .seconds(min(max(0, $0), 1e9)) })
  }

  /// "12.5%" or 12.5; a negative value means too few calls.
  private static func share(_ node: JSONValue?) -> Double? {
    let percent = node?.double ?? node?.text.flatMap { Double($0.filter { $0 != "%" && $0 != " " }) }
    return percent.flatMap { $0.isFinite && $0 >= 0 ? $0 / 100 : nil }
  }

  private func readProjections(_ node: JSONValue, into body: inout HealthBody) {
    for item in (node.elements ?? []).prefix(HealthBody.mostParts) {
      guard let name = item["name"]?.text, let status = item["status"]?.text else { continue }
      let time = (item["last_update"] ?? item["lastUpdate"])?.scalar.flatMap { TimestampParser.parse($0) }
      body.projections.append(HealthBody.Projection(Self.bounded(name), Self.bounded(status), updatedAt: time))
    }
  }

  /// `orFirst`: if none of the usual names exists, the first text is used.
  private static func cause(
    _ node: JSONValue?, causes: [String] = partCauses, orFirst: Bool = false
  ) -> String? {
    for name in causes {
      if let text = node?[name]?.text, !text.isEmpty { return bounded(text) }
    }
    return orFirst ? node?.members?.lazy.compactMap(\.value.text).first.map(bounded) : nil
  }

  private static func bounded(_ text: String) -> String {
    text.utf8.count <= longestText ? text : String(text.unicodeScalars.prefix(longestText - 1)) + "…"
  }
}
