import CSystem
import Foundation

/// Result of a program that has ended.
struct Run {
  var code: Int32
  var output: String
  var errors: String

  /// Runs a program to its end. Its environment contains only `environment` and what every program needs.
  static func command(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], within seconds: Double = 180
  ) throws -> Run {
    try RunningProgram(path, arguments, environment: environment).end(within: seconds)
  }

  static func sagatop(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
    try command(Binaries.sagatop, arguments, environment: environment)
  }

  static func demo(_ arguments: [String]) throws -> Run {
    try command(Binaries.demo, arguments)
  }

  /// Output goes to files, and the child inherits no other descriptors. With a pipe, as Foundation's `Process` uses it, the test would
  /// wait for every server that the program leaves running.
  static func spawn(
    _ words: [String], environment: [String: String], output: String, errors: String
  ) throws -> pid_t {
    let streams = [open("/dev/null", O_RDONLY), try file(output), try file(errors)]
    let arguments = (["/usr/bin/env", "-C", Binaries.root.path] + words).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for text in arguments + variables { free(text) }
      for stream in streams { close(stream) }
    }
    var child = sg_child()
    (child.input, child.output, child.error, child.terminal) = (streams[0], streams[1], streams[2], -1)
    let pid = arguments.withUnsafeBufferPointer { arguments in
      variables.withUnsafeBufferPointer { variables in
        child.program = arguments[0].map { UnsafePointer($0) }
        (child.arguments, child.environment) = (arguments.baseAddress, variables.baseAddress)
        return sg_spawn(&child)
      }
    }
    guard pid > 0 else { throw NeverHappened(what: "\(words[0]) starts: \(String(cString: strerror(errno)))") }
    return pid
  }

  private static func file(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw NeverHappened(what: "\(path) is opened: \(String(cString: strerror(errno)))") }
    return descriptor
  }
}
