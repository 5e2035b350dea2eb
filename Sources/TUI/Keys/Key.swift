/// One input of the operator: a key, a mouse event or pasted text.
package enum Key: Sendable, Hashable {
  package enum Mouse: Sendable, Hashable {
    case click
    case doubleClick
    case wheelUp
    case wheelDown
  }

  case character(Character)
  /// A letter with Control, always lower case.
  case control(Character)
  case enter
  case escape
  case tab
  case backTab
  case backspace
  case delete
  case up
  case down
  case left
  case right
  case pageUp
  case pageDown
  case home
  case end
  case function(Int)
  case mouse(Mouse, x: Int, y: Int)
  /// Pasted text.
  case pasted(String)

  /// The name in help and key hints.
  package var name: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "^\(String(character).uppercased())"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "S-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "Home"
    case .end: "End"
    case .function(let number): "F\(number)"
    case .pasted: "Paste"
    case .mouse(let mouse, _, _):
      switch mouse {
      case .click: "Click"
      case .doubleClick: "Double click"
      case .wheelUp: "Wheel up"
      case .wheelDown: "Wheel down"
      }
    }
  }
}
