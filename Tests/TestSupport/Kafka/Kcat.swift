import Glibc

/// A Kafka client that is independent of this project's code.
package enum Kcat {
  /// The log end offset of each partition.
  package static func ends(of topic: String, partitions: Int, _ brokers: String) throws -> [Int: Int64] {
    let wanted = (0..<partitions).map { "-t \(topic):\($0):-1" }.joined(separator: " ")
    guard let pipe = popen("kcat -Q -b \(brokers) \(wanted)", "r") else { throw TestFailure("kcat does not start") }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { text += buffer[..<count] }
    guard pclose(pipe) == 0 else { throw TestFailure("kcat fails") }
    var ends: [Int: Int64] = [:]
    // A line is `orders [0] offset 40`.
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 4, let offset = Int64(words[3]) else { throw TestFailure("kcat says \(line)") }
      ends[Int(words[1].dropFirst().dropLast()) ?? -1] = offset
    }
    guard ends.count == partitions else { throw TestFailure("kcat tells of \(ends.count) partitions") }
    return ends
  }
}
