import Text

/// Where schemas come from.
package struct SchemaSettings: Sendable {
  /// A registry that speaks Confluent's API: Confluent's own, Karapace, Redpanda, Apicurio.
  package struct Registry: Sendable {
    /// Where the paths of the API begin, without a slash at its end.
    package var url: String
    package var access: HTTPAccess
    /// Bytes that an id has in a message: 4, or 8 as older serializers of Apicurio write them.
    package var idBytes: Int

    package init(url: String, access: HTTPAccess = HTTPAccess(), idBytes: Int = 4) {
      self.url = url
      self.access = access
      self.idBytes = idBytes
    }
  }

  /// The schema of topics whose messages name none.
  package struct File: Sendable {
    package var topics: NamePattern
    /// `.avsc` for Avro, `.proto` for Protobuf, anything else is a `FileDescriptorSet`.
    package var path: String
    /// What stands in it.
    package var bytes: [UInt8]
    /// The full name of Protobuf's message; `nil` is the first.
    package var message: String?

    package init(topics: NamePattern, path: String, bytes: [UInt8] = [], message: String? = nil) {
      self.topics = topics
      self.path = path
      self.bytes = bytes
      self.message = message
    }
  }

  package var registry: Registry?
  /// The first whose pattern a topic's name matches counts.
  package var files: [File]

  package init(registry: Registry? = nil, files: [File] = []) {
    self.registry = registry
    self.files = files
  }

  package var isEmpty: Bool { registry == nil && files.isEmpty }
}
