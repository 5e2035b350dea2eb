import CNcurses

/// Maps ncurses key codes to `Key`.
enum KeyDecoder {
  /// `nil` if the code is not used.
  static func key(_ code: Int32) -> Key? {
    let code = Int(code)
    if code < SG_KEY_CODES { return Unicode.Scalar(UInt32(max(0, code))).flatMap(typed) }
    if code > SG_KEY_FUNCTION { return .function(code - SG_KEY_FUNCTION) }
    return code == SG_KEY_MOUSE ? mouse() : named[code]
  }

  private static let named: [Int: Key] = [
    SG_KEY_UP: .up, SG_KEY_DOWN: .down, SG_KEY_LEFT: .left, SG_KEY_RIGHT: .right, SG_KEY_PAGE_UP: .pageUp,
    SG_KEY_PAGE_DOWN: .pageDown, SG_KEY_HOME: .home, SG_KEY_END: .end, SG_KEY_ENTER: .enter,
    SG_KEY_BACKSPACE: .backspace, SG_KEY_DELETE: .delete, SG_KEY_BACK_TAB: .backTab,
  ]

  private static func typed(_ scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 9: .tab
    case 10, 13: .enter
    case 8, 127: .backspace
    case 27: .escape
    case 1...26: .control(Character(Unicode.Scalar(UInt8(scalar.value) + 96)))
    case 0..<32, 0x80..<0xa0: nil
    default: .character(Character(scalar))
    }
  }

  private static func mouse() -> Key? {
    var x: Int32 = 0
    var y: Int32 = 0
    let kind: Key.Mouse
    switch Int(sg_screen_take_mouse(&x, &y)) {
    case SG_MOUSE_CLICK: kind = .click
    case SG_MOUSE_WHEEL_UP: kind = .wheelUp
    case SG_MOUSE_WHEEL_DOWN: kind = .wheelDown
    default: return nil
    }
    return .mouse(kind, x: Int(x), y: Int(y))
  }
}

/// Detects double clicks. Pure.
struct ClickCounter {
  static let interval = Duration.milliseconds(400)

  private var last: (key: Key, time: ContinuousClock.Instant)?

  /// Two clicks on the same cell within the interval are a click and a double click; a third click starts again.
  mutating func count(_ key: Key, at now: ContinuousClock.Instant) -> Key {
    guard case .mouse(.click, let x, let y) = key else { return key }
    if let last, last.key == key, now - last.time <= Self.interval {
      self.last = nil
      return .mouse(.doubleClick, x: x, y: y)
    }
    last = (key, now)
    return key
  }
}

/// Separates pasted from typed text: a paste is one key with a text, so its letters can never trigger an action.
struct PasteFilter {
  /// Maximum length of a paste in characters; the rest is dropped.
  static let maxLength = 4096

  /// Text of the unfinished paste; `nil` if there is none.
  private var text: String.UnicodeScalarView?

  /// The key for an ncurses code; `nil` if the code is not used or is part of a paste.
  mutating func key(_ code: Int32) -> Key? {
    switch (Int(code), text) {
    case (SG_KEY_PASTE_BEGIN, _):
      text = text ?? .init()
      return nil
    case (SG_KEY_PASTE_END, let pasted?):
      text = nil
      return .pasted(String(pasted))
    case (3, .some):
      // No terminal pastes ^C: the end of the paste was lost, and the user wants to quit.
      text = nil
      return .control("c")
    case (_, .some):
      add(code)
      return nil
    case (_, nil): return KeyDecoder.key(code)
    }
  }

  private mutating func add(_ code: Int32) {
    guard let scalar = Unicode.Scalar(UInt32(max(0, code))), Int(code) < SG_KEY_CODES,
      (text?.count ?? 0) < Self.maxLength
    else { return }
    text?.append(scalar)
  }
}
