/// Converts external bytes to text. Different bytes give different texts.
package enum ByteText {
  /// Valid UTF-8 is returned unchanged. If the bytes are not valid UTF-8, each byte above ASCII becomes `\xHH`.
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
