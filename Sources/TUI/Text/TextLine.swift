/// Sanitized text, truncated to a number of columns without splitting a wide character.
struct TextLine {
  private(set) var scalars: [Unicode.Scalar] = []
  private(set) var columns = 0
  private(set) var isCut = false
  /// Number of combining characters since the last character with a width.
  private var marks = 0

  /// Stops reading at the first character that does not fit.
  init(_ text: some StringProtocol, columns limit: Int, ellipsis: Unicode.Scalar?) {
    scalars.reserveCapacity(min(limit, 256))
    Sanitizer.forEach(in: text, while: { append($0, limit: limit) })
    if isCut, let ellipsis { end(with: ellipsis, limit: limit) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, limit: Int) -> Bool {
    let width = TextWidth.columns(of: scalar)
    if columns + width > limit {
      isCut = true
      return false
    }
    marks = width == 0 ? marks + 1 : 0
    if marks < Frame.maxClusterLength {
      scalars.append(scalar)
      columns += width
    }
    return true
  }

  private mutating func end(with ellipsis: Unicode.Scalar, limit: Int) {
    while columns > limit - 1, let last = scalars.popLast() { columns -= TextWidth.columns(of: last) }
    scalars.append(ellipsis)
    columns += 1
  }
}
