/// Text made harmless and cut to a number of columns, never through a wide character.
struct TextLine {
  private(set) var scalars: [Unicode.Scalar] = []
  private(set) var columns = 0

  init(_ text: some StringProtocol, columns limit: Int, ellipsis: Unicode.Scalar?) {
    scalars.reserveCapacity(min(limit, 256))
    var isCut = false
    Sanitizer.forEach(in: text) { scalar in
      let width = TextWidth.columns(of: scalar)
      if isCut { return }
      if columns + width > limit { isCut = true } else { append(scalar, width) }
    }
    if isCut, let ellipsis { end(with: ellipsis, limit: limit) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, _ width: Int) {
    scalars.append(scalar)
    columns += width
  }

  private mutating func end(with ellipsis: Unicode.Scalar, limit: Int) {
    while columns > limit - 1, let last = scalars.popLast() { columns -= TextWidth.columns(of: last) }
    append(ellipsis, 1)
  }
}
