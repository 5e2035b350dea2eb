/// One column of one row: eight bytes, no storage of its own.
package struct Cell: Sendable, Equatable {
  /// A Unicode scalar, or `clusterFlag` and the position of several in the frame's table.
  package var content: UInt32
  package var role: StyleRole
  package var emphasis: Emphasis
  /// 1 or 2 columns; 0 where the wide character to the left reaches into this cell.
  package var width: UInt8

  static let clusterFlag: UInt32 = 0x8000_0000
  package static let blank = Cell(content: 0x20, role: .text, emphasis: [], width: 1)

  package var isContinuation: Bool { width == 0 }
}
