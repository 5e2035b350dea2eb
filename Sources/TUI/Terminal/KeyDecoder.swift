import CNcurses

/// Turns ncurses' keys into ours.
enum KeyDecoder {
  /// `nil` for what means nothing to us.
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
