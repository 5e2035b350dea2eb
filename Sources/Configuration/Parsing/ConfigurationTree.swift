import Glibc

/// A configuration file together with the files that it includes, as one tree whose marks say which file each part is from.
struct ConfigurationTree {
  struct File {
    var path: String
    /// The text as it is in the file.
    var text: String
    /// Users that are neither its owner nor in its group may read it.
    var isOpenToOthers: Bool
  }

  private static let mostFiles = 64

  /// By the number in a mark; the first is the one that was named.
  private(set) var files: [File] = []
  private(set) var root = YamlNode(mark: .start, content: .null)
  private let environment: [String: String]

  /// Included files are read in their order, each over the one before, and the including file over them. Throws what cannot be read
  /// as YAML, and an include that does not end.
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
    switch TextFile.read(target, atMost: YamlParser.maxBytes) {
    case .success(let bytes): return try load(bytes, target, within: chain)
    case .failure(let error): throw ConfigurationError(["\(place): `include`: \(error.message)"])
    }
  }

  /// The same for all names of a file.
  private static func identity(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
