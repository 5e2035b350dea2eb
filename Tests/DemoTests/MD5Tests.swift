import Testing

@testable import Demo

@Suite("Hashes and times")
struct MD5Tests {
  @Test(
    "digests are those of RFC 1321",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
        "57edf4a22be3c955ac49da2e2107b67a"
      ),
    ])
  func digest(_ text: String, _ digest: String) { #expect(MD5.hexadecimal(text) == digest) }

  @Test("a time is formatted with milliseconds in UTC")
  func time() { #expect(Clock.text(1_769_508_000_007) == "2026-01-27T10:00:00.007Z") }
}
