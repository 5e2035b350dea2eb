import Glibc

/// Puts in what `${env:NAME}` and `${file:PATH}` stand for, and remembers it, so that no output shows it.
package final class SecretResolver {
  package struct Missing: Error {
    package var message: String
  }

  private static let longestFile = 64 * 1024

  private let environment: [String: String]
  package private(set) var values: Set<String> = []

  package init(environment: [String: String]) {
    self.environment = environment
  }

  package func resolve(_ text: String) -> Result<String, Missing> {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "${") {
      guard let close = rest[open.upperBound...].firstIndex(of: "}") else {
        return .failure(Missing(message: "`${` without `}`"))
      }
      result += rest[..<open.lowerBound]
      switch value(of: rest[open.upperBound..<close]) {
      case .success(let value):
        if !value.isEmpty { values.insert(value) }
        result += value
      case .failure(let error): return .failure(error)
      }
      rest = rest[rest.index(after: close)...]
    }
    return .success(result + rest)
  }

  private func value(of reference: Substring) -> Result<String, Missing> {
    if reference.hasPrefix("env:") {
      let name = String(reference.dropFirst(4))
      if let value = environment[name] { return .success(value) }
      return .failure(Missing(message: "the environment has no \(name)"))
    }
    if reference.hasPrefix("file:") { return contents(of: String(reference.dropFirst(5))) }
    return .failure(Missing(message: "`${\(reference)}`: expected ${env:NAME} or ${file:PATH}"))
  }

  private func contents(of path: String) -> Result<String, Missing> {
    switch TextFile.read(path, atMost: Self.longestFile) {
    case .success(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      let end = text.lastIndex { !$0.isNewline }.map { text.index(after: $0) } ?? text.startIndex
      return .success(String(text[..<end]))
    case .failure(let error): return .failure(Missing(message: error.message))
    }
  }
}
