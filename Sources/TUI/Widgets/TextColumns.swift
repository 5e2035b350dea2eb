/// Lines of text in columns, for tables within a page.
struct TextColumns {
  let columns: [Table.Column]
  let glyphs: Glyphs
  private let placed: [Table.Placed]

  init(_ columns: [Table.Column], width: Int, glyphs: Glyphs) {
    self.columns = columns
    self.glyphs = glyphs
    placed = Table.place(columns, x: 0, width: width)
  }

  var titles: StyledLine {
    line { column, _ in (columns[column].title, .heading) }
  }

  func line(_ cell: (_ column: Int, _ width: Int) -> (String, StyleRole)) -> StyledLine {
    var line = StyledLine()
    for place in placed {
      let (text, role) = cell(place.index, place.width)
      line.add(text, columns: place.width, align: columns[place.index].align, ellipsis: glyphs.ellipsis, role)
      line.add(" ")
    }
    return line
  }
}
