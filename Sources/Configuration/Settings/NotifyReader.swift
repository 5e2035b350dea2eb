import Clients
import Core
import Text

/// When and how notifications about changed checks are sent.
package struct NotifySettings: Sendable {
  package enum Desktop: String, CaseIterable, Sendable {
    case osc9, osc777
  }

  package struct Webhook: Sendable {
    package enum Template: String, CaseIterable, Sendable {
      case json, alertmanager
    }

    package var url: String
    package var access = HTTPAccess()
    package var template = Template.json
    /// The HMAC key for the signature. `nil` sends no signature.
    package var secret: String?
    package var timeout = Duration.seconds(5)

    /// The URL without its path, which may be a secret.
    package var server: String { ServiceURL.sibling(of: url, path: "") }
  }

  /// Number of consecutive evaluations with the same state before it is reported.
  package var after = 3
  /// The interval between evaluations on the live screen.
  package var interval = Duration.seconds(10)
  /// Maximum number of messages in ten minutes.
  package var most = 10
  package var rings = false
  package var desktop: Desktop?
  package var webhook: Webhook?
  /// The program and its arguments. No shell is used.
  package var command: [String] = []

  package init() {}
}

/// Reads the `notify` settings of a configuration.
struct NotifyReader {
  private static let intervals = Duration.seconds(1)...(.seconds(3600))
  private static let timeouts = Duration.milliseconds(100)...(.seconds(60))

  let reading: ParseContext
  /// Values to hide in all output.
  private(set) var secrets = Secrets()

  init(reading: ParseContext) {
    self.reading = reading
  }

  mutating func read(_ node: YamlNode) -> NotifySettings {
    var reader = MappingReader(node, "`notify`", reading)
    defer { reader.finish() }
    var settings = NotifySettings()
    settings.after = reader.integer("after", 1...1000) ?? settings.after
    settings.interval = reader.duration("interval", Self.intervals, "a duration from 1s to 1h") ?? settings.interval
    settings.most = reader.integer("most", 1...1000) ?? settings.most
    settings.rings = reader.bool("bell") ?? false
    settings.desktop = reader.oneOf("desktop", NotifySettings.Desktop.self)
    settings.webhook = reader.take("webhook").flatMap { webhook($0) }
    settings.command = reader.take("command").map { command($0) } ?? []
    return settings
  }

  /// A URL, or a mapping with a URL.
  private mutating func webhook(_ node: YamlNode) -> NotifySettings.Webhook? {
    if case .scalar = node.content { return url(node).map(webhook) }
    var reader = MappingReader(node, "`webhook`", reading)
    defer { reader.finish() }
    var accesses = AccessReader(reading: reading)
    let access = accesses.read(&reader)
    secrets.merge(accesses.secrets)
    let template = reader.oneOf("template", NotifySettings.Webhook.Template.self)
    let secret = reader.string("secret")
    if let secret { secrets.insert(secret) }
    let timeout = reader.duration("timeout", Self.timeouts, "a duration from 100ms to 1m")
    guard let place = reader.take("url") else {
      if case .mapping = node.content { reading.add(node.mark, "`webhook` needs a `url`, such as https://host/hook") }
      return nil
    }
    return url(place).map { url in
      var webhook = webhook(url)
      if url.user == nil { webhook.access = access }
      webhook.template = template ?? webhook.template
      webhook.secret = secret
      webhook.timeout = timeout ?? webhook.timeout
      return webhook
    }
  }

  private func webhook(_ url: ServiceURL) -> NotifySettings.Webhook {
    var webhook = NotifySettings.Webhook(url: url.text)
    if let user = url.user { (webhook.access.user, webhook.access.password) = (user, url.password) }
    return webhook
  }

  private mutating func url(_ node: YamlNode) -> ServiceURL? {
    guard let resolved = reading.resolved(node, "webhook") else { return nil }
    for value in resolved.values { secrets.insert(value) }
    guard let url = ServiceURL(resolved.text) else {
      // The text is not quoted: the path of a webhook is often a secret.
      reading.add(node.mark, "`webhook`: expected a URL such as https://host/hook")
      return nil
    }
    secrets.insert(webhook: url)
    return url
  }

  private mutating func command(_ node: YamlNode) -> [String] {
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      reading.add(node.mark, "`command`: expected a list of words, the program first; there is no shell")
      return []
    }
    secrets.insert(literals: reading.references(in: node))
    let words = items.compactMap { item in reading.text(item, "command").map { ($0, item.mark) } }
    guard let (program, mark) = words.first else { return [] }
    return [program.contains("/") ? reading.path(program, mark) : program] + words.dropFirst().map(\.0)
  }
}

/// A configured key binding as text. The names and keys are validated elsewhere.
package struct KeySetting: Sendable, Equatable {
  package var name: String
  package var keys: [String]
  /// `file:line:column`, for errors.
  package var place: String

  static func read(_ node: YamlNode, _ reading: ParseContext) -> [KeySetting] {
    var reader = MappingReader(node, "`keys`", reading)
    return reader.takeAll().map { key, name, value in
      KeySetting(
        name: name, keys: reading.words(value, name).map(\.text), place: reading.diagnostics.place(key.mark))
    }
  }
}
