import Text

/// The origin of schemas.
package struct SchemaSettings: Sendable {
  /// A registry with Confluent's API: Confluent's own, Karapace, Redpanda, Apicurio.
  package struct Registry: Sendable {
    /// Base URL of the API, without a trailing slash.
    package var url: String
    package var access: HTTPAccess
    /// Size of the schema id in a message in bytes: 4, or 8 as in older Apicurio serializers.
    package var idBytes: Int

    package init(url: String, access: HTTPAccess = HTTPAccess(), idBytes: Int = 4) {
      self.url = url
      self.access = access
      self.idBytes = idBytes
    }
  }

  /// The schema of topics with messages that contain no schema id.
  package struct File: Sendable {
    package var topics: NamePattern
    /// `.avsc` for Avro, `.proto` for Protobuf, anything else is a `FileDescriptorSet`.
    package var path: String
    /// The content of the file.
    package var bytes: [UInt8]
    /// The full name of the Protobuf message; `nil` selects the first.
    package var message: String?
    /// Where the configuration names it: `file:line:column`.
    package var place: String

    package init(
      topics: NamePattern, path: String, bytes: [UInt8] = [], message: String? = nil, place: String = "`schemas`"
    ) {
      self.topics = topics
      self.path = path
      self.bytes = bytes
      self.message = message
      self.place = place
    }
  }

  package var registry: Registry?
  /// The first file with a pattern that matches the topic's name is used.
  package var files: [File]

  package init(registry: Registry? = nil, files: [File] = []) {
    self.registry = registry
    self.files = files
  }
}
