import CYaml

/// The library that reads YAML.
package enum YamlLibrary {
  package static var version: String { String(cString: yaml_get_version_string()) }
}
