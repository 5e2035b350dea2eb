import Core

/// Reads the APIs of a context: the servers that receive action requests.
struct APIsReader {
  private static let most = 100
  private static let windows = Duration.seconds(1)...(.seconds(365 * 86_400))

  private enum KeyForm: String, CaseIterable {
    case bare
    case quoted
  }

  let reading: ParseContext
  /// Values to hide in all output.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> [ActionAPI] {
    var reader = MappingReader(node, "`apis`", reading)
    let members = reader.takeAll()
    if members.count > Self.most {
      reading.add(node.mark, "`apis`: expected at most \(Self.most), found \(members.count)")
    }
    var apis: [ActionAPI] = []
    for (_, name, value) in members.prefix(Self.most) {
      if let api = api(name, value) { apis.append(api) }
    }
    return apis
  }

  /// A URL, or a mapping with a URL.
  private mutating func api(_ name: String, _ node: YamlNode) -> ActionAPI? {
    if case .scalar = node.content { return url(node).map { make(name, $0, HTTPAccess()) } }
    var reader = MappingReader(node, "the API `\(name)`", reading)
    defer { reader.finish() }
    var entry = AccessReader(reading: reading)
    let access = entry.read(&reader)
    secrets.merge(entry.secrets)
    let login = reader.take("login").flatMap { self.login($0) }
    let words = reader.take("tokenCommand")
    secrets.insert(literals: words.map { reading.references(in: $0) } ?? [])
    let command = words.map { reading.words($0, "tokenCommand").map(\.text) } ?? []
    let window = reader.duration("idempotencyWindow", Self.windows, "a duration from 1s to 365d")
    let form = reader.oneOf("idempotencyKey", KeyForm.self)
    guard let place = reader.take("url") else {
      if case .mapping = node.content { reading.add(node.mark, "the API `\(name)` needs a `url`") }
      return nil
    }
    if [access.bearer != nil, access.user != nil, login != nil, !command.isEmpty].count(where: { $0 }) > 1 {
      reading.add(
        node.mark, "the API `\(name)` needs one of `basic`, `bearer`, `login` and `tokenCommand`, not several")
    }
    guard let url = url(place) else { return nil }
    var api = make(name, url, access)
    api.login = login
    api.tokenCommand = command
    if let window { api.idempotencyWindow = window }
    api.quotesIdempotencyKey = form == .quoted
    return api
  }

  private func make(_ name: String, _ url: ServiceURL, _ access: HTTPAccess) -> ActionAPI {
    var access = access
    if let user = url.user { (access.user, access.password) = (user, url.password) }
    let text = url.text.hasSuffix("/") ? String(url.text.dropLast()) : url.text
    return ActionAPI(name: name, url: text, access: access)
  }

  private mutating func url(_ node: YamlNode) -> ServiceURL? {
    guard let resolved = reading.resolved(node, "url") else { return nil }
    guard let url = ServiceURL(resolved.text), url.query == nil, !url.text.contains("#") else {
      let found = ServiceURL.found(resolved)
      reading.add(node.mark, "`url`: expected a URL such as http://host:8090, without `?`\(found)")
      return nil
    }
    secrets.insert(url)
    return url
  }

  private mutating func login(_ node: YamlNode) -> ActionAPI.Login? {
    var reader = MappingReader(node, "`login`", reading)
    defer { reader.finish() }
    let path = reader.string("path")
    let token = reader.string("token").map { $0.split(separator: ".").map(String.init) } ?? ["accessToken"]
    let body = reader.take("body").map { members($0) } ?? []
    guard let path, path.hasPrefix("/"), !body.isEmpty else {
      if case .mapping = node.content {
        reading.add(
          node.mark, "`login` needs a `path` such as /auth/login, and a `body` such as {email: …, password: …}")
      }
      return nil
    }
    for value in ServiceURL("http://server" + path)?.secretArguments ?? [] { secrets.insert(value) }
    return ActionAPI.Login(path: path, body: body, token: token)
  }

  /// All values are secrets, except for user names.
  private mutating func members(_ node: YamlNode) -> [(name: String, value: String)] {
    var reader = MappingReader(node, "`body`", reading)
    var body: [(name: String, value: String)] = []
    for (_, name, value) in reader.takeAll() {
      guard let resolved = reading.resolved(value, name) else { continue }
      body.append((name, resolved.text))
      for value in resolved.values { secrets.insert(value) }
      if !Self.isName(name) { secrets.insert(resolved.text) }
    }
    return body
  }

  /// Whether a member of a login's body is the name of the user.
  static func isName(_ name: String) -> Bool {
    ["email", "user", "name", "login"].contains { name.lowercased().contains($0) }
  }
}
