import Glibc

/// What jobs print, gathered in one file as `kubectl logs --prefix --timestamps` gives it.
final class JobLog {
  let path: String
  private let container: String
  private let descriptor: Descriptor

  init(path: String, container: String) throws(SystemFailure) {
    self.path = path
    self.container = container
    descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
    guard descriptor.number >= 0 else { throw .last("opening the job log \(path)") }
  }

  func write(_ line: String, pod: String, at time: Int64) {
    Output.write("[pod/\(pod)/\(container)] \(Clock.text(time)) \(line)\n", to: descriptor.number)
  }
}
