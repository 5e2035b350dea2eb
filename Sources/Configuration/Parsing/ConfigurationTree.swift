import Glibc

/// A configuration file and its included files as one tree. The marks show the file of each node.
struct ConfigurationTree {
  struct File {
    var path: String
    /// The unchanged text of the file.
    var text: String
    /// Whether users other than the owner and the group may read it.
    var isOpenToOthers: Bool
  }

  private static let mostFiles = 64

  /// Indexed by the file number in a mark. The first one is the main file.
  private(set) var files: [File] = []
  private(set) var root = YamlNode(mark: .start, content: .null)
  private let environment: [String: String]

  /// Included files are merged in their order, each over the one before; the including file is merged over them. Throws if a file is not
  /// valid YAML or an include is circular.
  init(_ bytes: [UInt8], path: String, environment: [String: String]) throws(ConfigurationError) {
    self.environment = environment
    root = try load(bytes, path, within: [])
  }

  private mutating func load(
    _ bytes: [UInt8], _ path: String, within chain: [String]
  ) throws(ConfigurationError) -> YamlNode {
    let number = files.count
    files.append(
      File(
        path: path, text: String(decoding: bytes, as: UTF8.self), isOpenToOthers: TextFile.isOpenToOthers(path)))
    let own = try YamlDocument.root(bytes, file: path).moved(to: number)
    guard let include = own["include"] else { return own }
    let reading = ParseContext(files: files.map(\.path), environment: environment)
    let names = reading.words(include, "include")
    try reading.diagnostics.check()
    let identity = Self.identity(of: path)
    var result: YamlNode?
    for (name, mark) in names {
      let target = reading.path(name, mark)
      let part = try included(target, "\(path):\(mark.line):\(mark.column)", within: chain + [identity])
      result = result.map(part.laid) ?? part
    }
    return result.map(own.laid) ?? own
  }

  private mutating func included(
    _ target: String, _ place: String, within chain: [String]
  ) throws(ConfigurationError) -> YamlNode {
    if chain.contains(Self.identity(of: target)) {
      throw ConfigurationError(["\(place): `include`: \(target) includes itself, by way of this file"])
    }
    guard files.count < Self.mostFiles else {
      throw ConfigurationError(["\(place): `include`: expected at most \(Self.mostFiles) files in all"])
    }
    switch TextFile.read(target, atMost: YamlParser.maxBytes, mustBeFile: true) {
    case .success(let bytes):
      let part = try load(bytes, target, within: chain)
      // The text of a file that is no configuration is not quoted: it may be any file.
      guard case .mapping = part.content else {
        throw ConfigurationError(["\(place): `include`: \(target): expected a configuration, a mapping of keys"])
      }
      guard part.members.contains(where: { ConfigurationFile.topKeys.contains($0.key.scalar ?? "") }) else {
        throw ConfigurationError(["\(place): `include`: \(target): no configuration: none of its keys is known"])
      }
      return part
    case .failure(let error): throw ConfigurationError(["\(place): `include`: \(error.message)"])
    }
  }

  /// Canonical path: equal for all names of a file.
  private static func identity(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
