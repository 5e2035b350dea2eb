/// A proxy that adds TLS and SASL to a `NoidaServer`, which supports neither.
package final class SecureBroker: Sendable {
  package let port: UInt16
  /// Token endpoint for the client `ops` with the password.
  package let tokenURL: String
  private let proxy: Server

  /// `options` are those of `secure-broker.py`. The user's name is `ops`.
  package init(before server: NoidaServer, _ options: [String]) throws {
    let program = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/secure-broker.py"
    for _ in 0..<5 {
      let (port, tokens) = (try LoopbackPort.free(), try LoopbackPort.free())
      let proxy = try Server(
        ["python3", program, "--to", "\(server.port)", "--port", "\(port)", "--oidc", "\(tokens)"] + options)
      if blockUntil(.seconds(20), { !proxy.isRunning || LoopbackPort.accepts(port) }), proxy.isRunning {
        (self.port, self.proxy, tokenURL) = (port, proxy, "http://127.0.0.1:\(tokens)/token")
        return
      }
    }
    throw TestFailure("\(program) does not come up")
  }

  package var brokers: String { "127.0.0.1:\(port)" }
}

/// A certificate authority for one test, made with openssl. Files are in `directory`, named after their purpose.
package struct TestAuthority: Sendable {
  private let directory: TemporaryDirectory

  package init(in directory: TemporaryDirectory, name: String = "ca") throws {
    self.directory = directory
    (certificate, key) = ("\(directory.path)/\(name).pem", "\(directory.path)/\(name).key")
    try Self.run(
      ["openssl", "req", "-x509", "-days", "30", "-subj", "/CN=\(name)", "-keyout", key, "-out", certificate]
        + Self.ofKeys)
  }

  package let certificate: String
  private let key: String

  private static let ofKeys = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  /// `names` such as `DNS:localhost` or `IP:127.0.0.1`. With 0 days the certificate is expired immediately.
  package func issue(_ name: String, for names: String, days: Int) throws -> (certificate: String, key: String) {
    let path = "\(directory.path)/\(name)"
    try directory.write("subjectAltName=\(names)\n", to: "\(name).ext")
    try Self.run(
      ["openssl", "req", "-subj", "/CN=\(name)", "-keyout", "\(path).key", "-out", "\(path).csr"] + Self.ofKeys)
    try Self.run([
      "openssl", "x509", "-req", "-in", "\(path).csr", "-CA", certificate, "-CAkey", key, "-CAcreateserial", "-days",
      "\(days)", "-extfile", "\(path).ext", "-out", "\(path).pem",
    ])
    return ("\(path).pem", "\(path).key")
  }

  private static func run(_ words: [String]) throws {
    let program = try Server(words)
    guard blockUntil(.seconds(20), { !program.isRunning }) else { throw TestFailure("openssl does not end") }
  }
}
