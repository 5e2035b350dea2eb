/// Where the window of a list begins.
enum ListPlace {
  /// At `offset`, moved as little as needed to hold the row at `followed`, and so that no room is left at the end.
  static func start(_ offset: Int, limit: Int, count: Int, followed: Int?) -> Int {
    var start = offset
    if let place = followed { start = place < start ? place : max(start, place - limit + 1) }
    return max(0, min(start, count - limit))
  }
}
