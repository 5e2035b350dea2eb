import Core

/// Reads the request of an action. Templates are parsed here, so that an unknown field is reported with its line and column.
struct ActionCallReader {
  private enum Republished: String, CaseIterable {
    case input
    case deadLetter = "dead-letter"
  }

  private enum Method: String, CaseIterable {
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case get = "GET"
  }

  private enum RedisCall: String, CaseIterable {
    case release
  }

  let scope: ActionName.Scope
  /// The saga's id names. `nil` if they are not known here.
  let ids: [String]?
  let reading: ParseContext

  func http(_ node: YamlNode) -> ActionCall? {
    var reader = MappingReader(node, "`http`", reading)
    defer { reader.finish() }
    let api = reader.string("api")
    let method = reader.oneOf("method", Method.self) ?? .post
    let headers = reader.take("headers").map { fields($0, .header) } ?? []
    let body = reader.take("body").map { template($0, "body", .json) }
    let (path, url) = (reader.take("path"), reader.take("url"))
    let slashes = reader.texts("allowSlash")
    guard (path == nil) != (url == nil), (api == nil) == (path == nil) else {
      if case .mapping = node.content {
        reading.add(node.mark, "`http` needs an `api` with a `path`, or a `url`")
      }
      return nil
    }
    if let path, let text = path.scalar, !text.hasPrefix("/") {
      reading.add(path.mark, "`path`: expected a path such as /saga/retry/{saga.id}\(Secrets.found(text))")
      return nil
    }
    let allowed = Set(slashes.map(\.text))
    let target =
      path.flatMap { template($0, "path", .url, slashes: allowed) }
      ?? url.flatMap { template($0, "url", .url, slashes: allowed) }
    guard let target, body.map({ $0 != nil }) ?? true else { return nil }
    for (name, mark) in slashes where !target.fields.contains(name) {
      reading.add(mark, "`allowSlash`: `{\(name)}` is no field of the path")
    }
    if let url { check(url: target.text, url.mark) }
    return .http(.init(api: api, method: method.rawValue, target: target, headers: headers, body: body ?? nil))
  }

  private func check(url text: String, _ mark: YamlNode.Mark) {
    guard let url = ServiceURL(text) else {
      return reading.add(mark, "`url`: expected a URL such as http://host:8080/retry/{saga.id}\(Secrets.found(text))")
    }
    if url.user != nil {
      reading.add(
        mark, "`url`: requests are displayed, so a URL accepts no password; put credentials into the context's `apis`")
    }
  }

  func kafka(_ node: YamlNode) -> ActionCall? {
    var reader = MappingReader(node, "`kafka`", reading)
    defer { reader.finish() }
    let again = reader.oneOf("republish", Republished.self)
    let topic = reader.take("topic")
    let key = reader.take("key").map { template($0, "key", .key) }
    let headers = reader.take("headers").map { fields($0, .header) } ?? []
    let value = reader.take("value").map { template($0, "value", .json) }
    if let again { return republish(again, topic, node, isAlone: key == nil && value == nil && headers.isEmpty) }
    guard let topic, let value else {
      if case .mapping = node.content {
        reading.add(node.mark, "`kafka` needs `topic` and `value`, or `republish`")
      }
      return nil
    }
    guard let topic = template(topic, "topic", .topic), let value, key.map({ $0 != nil }) ?? true else { return nil }
    return .kafka(.init(topic: topic, key: key ?? nil, headers: headers, value: value))
  }

  private func republish(
    _ what: Republished, _ topic: YamlNode?, _ node: YamlNode, isAlone: Bool
  ) -> ActionCall? {
    let isFitting = what == .input ? scope == .saga && topic == nil : scope == .deadLetter
    guard isFitting, isAlone else {
      reading.add(
        node.mark,
        "`republish: input` is for sagas and accepts no other key; `republish: dead-letter` is for `redrive`, with or without a `topic`"
      )
      return nil
    }
    guard what == .deadLetter else { return .republish(.stepInput) }
    let name = topic.flatMap { reading.word($0, "topic") }
    if let topic, let name, !ActionTemplate.isTopic(name) {
      reading.add(topic.mark, "`topic`: expected the name of a topic, found `\(name)`")
    }
    return .republish(.deadLetter(topic: name))
  }

  func command(_ node: YamlNode) -> ActionCall? {
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      reading.add(node.mark, "`command`: expected a list of words, the program first; there is no shell")
      return nil
    }
    let words = items.compactMap { template($0, "command", .argument) }
    guard words.count == items.count else { return nil }
    if let first = words.first, !first.fields.isEmpty || first.text.isEmpty {
      reading.add(items[0].mark, "`command`: the program is a fixed word, found `\(first.text)`")
    }
    return .command(words)
  }

  func redis(_ node: YamlNode) -> ActionCall? {
    guard let word = reading.word(node, "redis") else { return nil }
    if RedisCall(rawValue: word) != nil, scope == .lock { return .releaseLock }
    reading.add(node.mark, "`redis`: expected `release`, of the action `release-lock`; found `\(word)`")
    return nil
  }

  private func fields(_ node: YamlNode, _ place: ActionTemplate.Place) -> [ActionCall.Field] {
    var reader = MappingReader(node, "`headers`", reading)
    return reader.takeAll().compactMap { key, name, value in
      guard AccessReader.isHeader(name) else {
        reading.add(key.mark, "`headers`: `\(name)` is no name of a header")
        return nil
      }
      guard name.lowercased() != "idempotency-key" else {
        reading.add(key.mark, "`headers`: `\(name)` is set by sagatop")
        return nil
      }
      return template(value, name, place).map { ActionCall.Field(name: name, value: $0) }
    }
  }

  /// Requests are displayed and logged, so they must not contain references, because these may be secrets.
  private func template(
    _ node: YamlNode, _ key: String, _ place: ActionTemplate.Place, slashes: Set<String> = []
  ) -> ActionTemplate? {
    guard let text = node.scalar else {
      reading.add(node.mark, "`\(key)`: expected a text, found \(node.kind)")
      return nil
    }
    if text.contains("${") {
      reading.add(node.mark, "`\(key)`: a request accepts no `${…}`; put credentials into the context's `apis`")
      return nil
    }
    do throws(ActionTemplate.Invalid) {
      return try ActionTemplate(text, place: place, fields: ActionFieldNames(scope: scope, ids: ids), slashes: slashes)
    } catch {
      reading.add(node.mark, "`\(key)`: \(error.message)")
      return nil
    }
  }
}
