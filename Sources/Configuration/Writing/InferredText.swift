import Clients
import Core

/// Writes an inferred system as a configuration to edit, with the evidence as comments.
package struct InferredText {
  /// Information from outside of the messages.
  package struct Surroundings: Sendable {
    package var context: String
    package var brokers: String
    /// Names of the librdkafka properties that were used. Their values may be secrets.
    package var properties: [String]
    /// The consumer groups that read each topic.
    package var groups: [String: [String]]
    package var redis: [RedisAddress]
    package var keys: KeyFamilies?
    /// Base URL for paths of documents.
    package var server: String?
    /// With complete URLs.
    package var documents: [DocumentDefinition]
    /// Description of the messages if the inference is incomplete. `nil` if it is complete.
    package var profile: MessageProfile?

    package init(
      context: String, brokers: String, properties: [String] = [], groups: [String: [String]] = [:],
      redis: [RedisAddress] = [], keys: KeyFamilies? = nil, server: String? = nil,
      documents: [DocumentDefinition] = []
    ) {
      self.context = context
      self.brokers = brokers
      self.properties = properties
      self.groups = groups
      self.redis = redis
      self.keys = keys
      self.server = server
      self.documents = documents
    }
  }

  private let inferred: InferredSystem
  private let around: Surroundings
  private var lines: [String] = []

  package static func text(_ inferred: InferredSystem, _ around: Surroundings) -> String {
    var text = InferredText(inferred, around)
    text.write()
    return text.lines.joined(separator: "\n") + "\n"
  }

  private init(_ inferred: InferredSystem, _ around: Surroundings) {
    self.inferred = inferred
    self.around = around
  }

  private mutating func add(_ depth: Int, _ line: String) { lines.append(String(repeating: "  ", count: depth) + line) }

  /// Lets editors complete and validate the file.
  private static let schema = "# yaml-language-server: $schema=/usr/share/doc/sagatop/config.schema.json"

  private mutating func write() {
    add(0, Self.schema)
    add(
      0,
      "# Inferred from \(inferred.messages) messages of \(inferred.topics.count) topics. Correct what is wrong: each name is a guess,"
    )
    add(0, "# each deadline five times what the slowest of a hundred took. Then: sagatop --config THIS-FILE")
    if inferred.skipped > 0 { add(0, "# \(inferred.skipped) further messages were not looked at.") }
    if inferred.unread > 0 {
      add(0, "# \(inferred.unread) messages are no JSON objects: only their topics, keys and headers were looked at.")
    }
    add(0, "currentContext: \(YamlText.scalar(around.context))")
    add(0, "")
    add(0, "contexts:")
    add(1, "\(YamlText.scalar(around.context)):")
    if !around.brokers.isEmpty { writeKafka() }
    writeDocuments()
    writeProfile()
    if inferred.sagas.isEmpty {
      add(2, "# No sagas were found: no id connects events of different types with evidence that they are sagas.")
    } else {
      writeFields()
      add(2, "sagas:")
      for saga in inferred.sagas { add(contentsOf: InferredSagaText(saga, groups: groups).lines) }
    }
    writeOthers()
    writeRedis()
    writeServices()
  }

  private mutating func add(contentsOf more: [String]) { lines += more }

  private var groups: [String: [String]] { around.groups }

  private mutating func writeKafka() {
    add(2, "kafka:")
    add(3, "brokers: \(YamlText.scalar(around.brokers))")
    if !around.properties.isEmpty {
      add(3, "# Not written here, and needed as before: `properties` with \(around.properties.joined(separator: ", "))")
    }
    let documents = around.documents.map(\.name)
    let families = TopicFamilies.families(of: inferred.topics.filter { !documents.contains($0.name) })
    add(3, families.isEmpty ? "# topics: [orders, \"payment-*\"]" : "topics:")
    for family in families {
      let readers = Set(family.names.flatMap { groups[$0] ?? [] }).sorted()
      let read = readers.isEmpty ? "" : ", read by \(YamlText.comment(readers.joined(separator: ", ")))"
      let topics = family.names.count > 1 ? " in \(family.names.count) topics" : ""
      add(4, "- \(YamlText.scalar(family.pattern))  # \(family.messages) messages\(topics)\(read)")
    }
  }

  private mutating func writeDocuments() {
    guard !around.documents.isEmpty else { return }
    add(2, "# What lets one in is not written here: `headers`, `basic` or `bearer`.")
    if let server = around.server { add(2, "http: {server: \(YamlText.quoted(server))}") }
    add(2, "documents:")
    for document in around.documents {
      let isThere = around.server.map { document.url.hasPrefix($0 + "/") } ?? false
      let url = isThere ? String(document.url.dropFirst(around.server?.count ?? 0)) : document.url
      add(3, "\(YamlText.scalar(document.name)):")
      add(4, "url: \(YamlText.quoted(url))")
      for rule in document.messages {
        add(4, "messages: {each: \(YamlText.quoted(rule.each.joined(separator: ".")))}")
      }
      if let paging = document.paging {
        let member = YamlText.scalar(paging.member.joined(separator: "."))
        add(4, "paging: {parameter: \(YamlText.scalar(paging.parameter)), member: \(member)}")
      } else {
        add(
          4,
          "# No usual parameter asks for the rest of the list. `paging: {parameter: after, member: id}` tells another.")
      }
    }
  }

  private mutating func writeFields() {
    let fields = inferred.system.fields
    let all = [
      ("type", fields.type), ("time", fields.time), ("id", fields.id), ("node", fields.node),
      ("envelope", fields.envelope),
    ]
    let parts = all.filter { !$0.1.isEmpty }
    if fields.type.isEmpty, around.documents.isEmpty { add(2, "# An event's type is the name of its topic.") }
    guard !parts.isEmpty else { return }
    add(2, "fields:")
    for (name, sources) in parts { add(3, "\(name): \(YamlText.list(sources.map(FieldSourceText.text)))") }
  }

  private mutating func writeProfile() {
    guard let profile = around.profile else { return }
    let ids = inferred.system.sagas.flatMap(\.identities).flatMap(\.sources)
    for line in ProfileText.lines(profile, ids: ids) + (inferred.sagas.isEmpty ? ProfileText.hints(profile) : []) {
      add(2, line)
    }
  }

  private mutating func writeOthers() {
    for one in inferred.unproven.prefix(20) {
      add(
        2,
        "# \(one.flows) flows by \(YamlText.comment(one.id)) are not shown as sagas: \(YamlText.comment(one.evidence))")
    }
    guard !inferred.others.isEmpty else { return }
    add(2, "# Event types that no saga was found for:")
    for other in inferred.others.prefix(50) { add(2, "#   \(YamlText.comment(other.type)): \(other.count) messages") }
    if inferred.others.count > 50 { add(2, "#   and \(inferred.others.count - 50) more") }
  }

  private mutating func writeRedis() {
    guard !around.redis.isEmpty else { return }
    add(2, "redis:")
    if around.redis.contains(where: { $0.password != nil }) {
      add(3, "# A password is not written here: redis://${env:REDIS_USER}:${env:REDIS_PASSWORD}@host:6379")
    }
    add(3, "servers: \(YamlText.list(around.redis.map(\.url)))")
    let families = around.keys?.families ?? []
    let (locks, counted) = (families.filter(\.isLock), families.filter { !$0.isLock }.prefix(20))
    if !locks.isEmpty {
      add(2, "# `lease: 30s` tells how long one is granted for; then one that is held for longer is overdue.")
      add(2, "locks:")
      for lock in locks { add(3, "- {key: \(YamlText.quoted(lock.pattern))}  # \(lock.count) seen") }
    }
    guard !counted.isEmpty else { return }
    add(2, "counts:")
    for family in counted { add(3, "- \(YamlText.quoted(family.pattern))  # \(family.count) keys") }
  }

  private mutating func writeServices() {
    add(2, "# Where services tell their health cannot be read from messages; it is written like this:")
    add(2, "# services:")
    let names = Set(
      inferred.sagas.flatMap {
        $0.definition.steps.map { $0.topic.flatMap { groups[$0]?.first } ?? "\($0.name)-service" }
      })
    for name in names.sorted().prefix(10) {
      add(2, "#   \(YamlText.comment(name)): http://\(YamlText.comment(name)):8080/health")
    }
  }
}

/// Combines topics that differ only in a trailing hash or number into one pattern.
enum TopicFamilies {
  struct Family: Equatable {
    var pattern: String
    var names: [String]
    var messages: Int
  }

  private static let least = 3

  static func families(of topics: [(name: String, count: Int)]) -> [Family] {
    let groups = Dictionary(grouping: topics) { stem(of: $0.name) ?? "" }
    var families: [Family] = []
    for (stem, members) in groups {
      let messages = members.reduce(0) { $0 + $1.count }
      if !stem.isEmpty, members.count >= least {
        families.append(Family(pattern: "\(stem)*", names: members.map(\.name), messages: messages))
      } else {
        families += members.map { Family(pattern: $0.name, names: [$0.name], messages: $0.count) }
      }
    }
    return families.sorted { $0.pattern < $1.pattern }
  }

  /// The name without its last part if that part is a number or a hash: `saga-events-` for `saga-events-1f0c22aa`.
  private static func stem(of name: String) -> String? {
    guard let cut = name.lastIndex(where: { "-._".contains($0) }) else { return nil }
    let part = name[name.index(after: cut)...]
    let isHash = part.count >= 6 && part.allSatisfy(\.isHexDigit) && part.contains(where: \.isNumber)
    return isHash || (!part.isEmpty && part.allSatisfy(\.isNumber)) ? String(name[...cut]) : nil
  }
}
