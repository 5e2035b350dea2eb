/// Finds secrets in texts. Compares bytes, not characters, because a combining mark after a secret changes its last character.
package enum SecretText {
  private static let mark = Array("***".utf8)

  /// Whether one of the secrets is part of the bytes.
  package static func isFound(_ secrets: some Sequence<String>, in bytes: some Sequence<UInt8>) -> Bool {
    let bytes = Array(bytes)
    return secrets.contains { !places(of: $0, in: bytes[...], most: 1).isEmpty }
  }

  /// The place of the first secret, and the secret. If several start at the same place, the longest.
  package static func first(
    of secrets: [String], in bytes: ArraySlice<UInt8>
  ) -> (place: Range<Int>, secret: String)? {
    secrets.compactMap { secret in places(of: secret, in: bytes, most: 1).first.map { ($0, secret) } }
      .min { ($0.0.lowerBound, $1.0.upperBound) < ($1.0.lowerBound, $0.0.upperBound) }
  }

  /// The text with `***` for each run of bytes that is part of a secret.
  package static func masked(_ text: String, _ secrets: some Sequence<String>) -> String {
    String(decoding: masked(Array(text.utf8), secrets), as: UTF8.self)
  }

  package static func masked(_ bytes: [UInt8], _ secrets: some Sequence<String>) -> [UInt8] {
    masked(bytes, at: secrets.flatMap { places(of: $0, in: bytes[...], most: .max) })
  }

  /// `places` are ranges of the text's UTF-8 bytes, in any order; they may overlap.
  static func masked(_ text: String, at places: [Range<Int>]) -> String {
    places.isEmpty ? text : String(decoding: masked(Array(text.utf8), at: places), as: UTF8.self)
  }

  private static func masked(_ bytes: [UInt8], at places: [Range<Int>]) -> [UInt8] {
    let found = places.sorted { $0.lowerBound < $1.lowerBound }
    guard !found.isEmpty else { return bytes }
    var (masked, end) = ([UInt8](), 0)
    for (number, place) in found.enumerated() {
      if number == 0 || place.lowerBound > end {
        masked += bytes[end..<place.lowerBound]
        masked += mark
      }
      end = max(end, place.upperBound)
    }
    return masked + bytes[end...]
  }

  /// At most `most` places of the secret, in ascending order. An empty secret has none.
  private static func places(of secret: String, in bytes: ArraySlice<UInt8>, most: Int) -> [Range<Int>] {
    let wanted = Array(secret.utf8)
    var places: [Range<Int>] = []
    guard let first = wanted.first else { return places }
    var rest = bytes
    while places.count < most, let start = rest.firstIndex(of: first), bytes.endIndex - start >= wanted.count {
      if bytes[start..<start + wanted.count].elementsEqual(wanted) { places.append(start..<start + wanted.count) }
      rest = bytes[(start + 1)...]
    }
    return places
  }
}
