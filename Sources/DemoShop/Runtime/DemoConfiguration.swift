import Glibc

/// The configuration with which sagatop watches the shop.
enum DemoConfiguration {
  /// Writes it into `directory` and returns its path.
  static func write(bootstrap: String, redisPort: UInt16, in directory: String) throws(SystemFailure) -> String {
    let path = directory + "/config.yaml"
    let file = Descriptor(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600))
    guard file.number >= 0, Output.write(text(bootstrap: bootstrap, redisPort: redisPort), to: file.number) else {
      throw .last("writing \(path)")
    }
    return path
  }

  static func text(bootstrap: String, redisPort: UInt16) -> String {
    """
    currentContext: demo
    contexts:
      demo:
        preset: spring
        kafka:
          brokers: \(bootstrap)
        redis:
          servers: redis://127.0.0.1:\(redisPort)

    """
  }
}
