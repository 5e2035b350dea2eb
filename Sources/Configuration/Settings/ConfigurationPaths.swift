/// Where a configuration is looked for. None is ever written.
struct ConfigurationPaths {
  /// Named by the environment: it must be there.
  private let variable: String?
  private let defaults: [String]

  init(environment: [String: String]) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.variable = variable("SAGATOP_CONFIG")
    // The XDG Base Directory Specification has relative paths ignored.
    let home = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folder = home ?? variable("HOME").map { "\($0)/.config" }
    defaults = [folder, "/etc"].compactMap { $0.map { "\($0)/sagatop/config.yaml" } }
  }

  /// The places, for a sentence that says that nothing is there.
  var looked: String { defaults.joined(separator: " and ") }

  /// The first file that is there; `nil` when there is none. One that was named by flag or environment must be readable.
  func read(named flag: String?) throws(ConfigurationError) -> (path: String, bytes: [UInt8])? {
    if let flag { return try read(flag, "--config: ") }
    if let variable { return try read(variable, "SAGATOP_CONFIG: ") }
    for path in defaults {
      switch TextFile.read(path, atMost: YamlParser.maxBytes) {
      case .success(let bytes): return (path, bytes)
      case .failure(let error):
        if !error.isMissing { throw ConfigurationError([error.message]) }
      }
    }
    return nil
  }

  private func read(_ path: String, _ source: String) throws(ConfigurationError) -> (path: String, bytes: [UInt8]) {
    switch TextFile.read(path, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return (path, bytes)
    case .failure(let error): throw ConfigurationError([source + error.message])
    }
  }
}
