/// A YAML file's one document, with errors as configuration tells them.
package enum YamlDocument {
  package static func root(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> YamlNode {
    do {
      if let node = try YamlParser.parse(bytes) { return node }
    } catch {
      throw ConfigurationError(["\(file):\(error.mark.line):\(error.mark.column): \(error.message)"])
    }
    throw ConfigurationError(["\(file):1:1: expected a mapping, found nothing"])
  }
}
