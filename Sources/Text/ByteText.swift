/// Shows bytes from outside as text, one to one: different bytes give different texts.
package enum ByteText {
  /// UTF-8 as it is; where the bytes are none, each one above ASCII becomes `\xHH`.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    for byte in bytes {
      if byte < 0x80 {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "\\x" + String(byte, radix: 16)
      }
    }
    return text
  }
}
