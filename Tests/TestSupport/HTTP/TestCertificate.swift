/// A self-signed certificate for `localhost`, and its key.
package struct TestCertificate: Sendable {
  package let certificate: String
  package let key: String

  /// Creates both files with openssl.
  package init(in directory: TemporaryDirectory, name: String, days: Int) async throws {
    (certificate, key) = ("\(directory.path)/\(name).pem", "\(directory.path)/\(name).key")
    let maker = try Server([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
      "\(days)", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
      certificate,
    ])
    let isMade = await waitUntil { !maker.isRunning }
    guard isMade else { throw TestFailure("openssl does not end") }
  }
}
