import CNcurses

/// Keeps what is pasted apart from what is typed: it comes as one key with a text, whatever letters are in it, and so can never
/// press a key that acts.
struct PasteFilter {
  /// Characters of one paste that are kept.
  static let maxLength = 4096

  /// What has come of a paste that has not ended; `nil` while there is none.
  private var text: String.UnicodeScalarView?

  /// The key that ncurses' code means; `nil` for what means nothing or is part of a paste.
  mutating func key(_ code: Int32) -> Key? {
    switch (Int(code), text) {
    case (SG_KEY_PASTE_BEGIN, _):
      text = text ?? .init()
      return nil
    case (SG_KEY_PASTE_END, let pasted?):
      text = nil
      return .pasted(String(pasted))
    case (3, .some):
      // No terminal pastes it: the end of the paste was lost, and whoever sits there wants out.
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
