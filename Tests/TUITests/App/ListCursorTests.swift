import Testing

@testable import TUI

@Suite("Cursor of a list with changing rows")
struct ListCursorTests {
  @Test("an unmoved cursor stays on the first row, regardless of changes")
  func unplaced() {
    var cursor = ListCursor<String>()
    cursor.settle(ids: ["b", "a"], offset: 0, count: 2)
    #expect(cursor.position == 0)
    cursor.settle(ids: ["c", "b", "a"], offset: 0, count: 3)
    #expect(cursor.position == 0)
    #expect(cursor.id == nil)
  }

  @Test("a moved cursor stays on its item while rows change")
  func follows() {
    var cursor = ListCursor<String>()
    cursor.move(by: 1, ids: ["a", "b", "c"], offset: 0, count: 3)
    #expect(cursor.id == "b")
    cursor.settle(ids: ["x", "y", "a", "b", "c"], offset: 0, count: 5)
    #expect(cursor.position == 3)
    cursor.settle(ids: ["x", "y", "a", "c"], offset: 0, count: 4)
    #expect(cursor.position == 3, "its thing is gone: the row that took its place")
    #expect(cursor.id == "c")
  }

  @Test("on the first row it follows nothing again")
  func top() {
    var cursor = ListCursor<String>()
    cursor.move(by: 1, ids: ["a", "b"], offset: 0, count: 2)
    #expect(cursor.isPlaced)
    cursor.move(by: -1, ids: ["a", "b"], offset: 0, count: 2)
    #expect(!cursor.isPlaced && cursor.id == nil)
    cursor.settle(ids: ["x", "a", "b"], offset: 0, count: 3)
    #expect(cursor.position == 0)
  }

  @Test("beyond the window it requests the rows that contain it")
  func window() {
    var cursor = ListCursor<String>()
    cursor.settle(ids: ["a", "b", "c"], offset: 0, count: 10)
    cursor.move(by: 5, ids: ["a", "b", "c"], offset: 0, count: 10)
    #expect(cursor.position == 5)
    #expect(cursor.window(height: 3).offset == 3)
    cursor.settle(ids: ["d", "e", "f"], offset: 3, count: 10)
    #expect(cursor.id == "f")
    cursor.move(by: 100, ids: ["d", "e", "f"], offset: 3, count: 10)
    #expect(cursor.position == 9)
  }

  @Test("an empty list resets it")
  func empty() {
    var cursor = ListCursor<String>()
    cursor.move(by: 2, ids: ["a", "b", "c"], offset: 0, count: 3)
    cursor.settle(ids: [], offset: 0, count: 0)
    #expect(cursor.position == 0)
    cursor.move(by: 1, ids: [], offset: 0, count: 0)
    #expect(cursor.position == 0)
  }

  @Test("the wheel scrolls the window and moves the cursor only when it would leave the window")
  func scroll() {
    var cursor = ListCursor<String>()
    cursor.settle(ids: ["a", "b", "c"], offset: 0, count: 10)
    cursor.move(by: 2, ids: ["a", "b", "c"], offset: 0, count: 10)
    cursor.scroll(by: 1, height: 3, ids: ["a", "b", "c"], offset: 0, count: 10)
    #expect(cursor.position == 2)
    #expect(cursor.window(height: 3).offset == 1)
    cursor.scroll(by: 5, height: 3, ids: ["a", "b", "c"], offset: 0, count: 10)
    #expect(cursor.position == 6)
  }
}
