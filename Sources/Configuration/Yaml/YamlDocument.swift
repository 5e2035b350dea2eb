/// A YAML file's one document, with errors as configuration tells them.
package enum YamlDocument {
  /// `file` is the name that errors give.
  package static func root(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> YamlNode {
    do throws(YamlParser.Failure) {
      if let node = try YamlParser.parse(bytes) { return node }
    } catch {
      throw ConfigurationError(["\(file):\(error.mark.line):\(error.mark.column): \(error.message)"])
    }
    throw ConfigurationError(["\(file):1:1: expected a mapping, found nothing"])
  }
}
