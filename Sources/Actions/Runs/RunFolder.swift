import CSystem
import Core
import Glibc
import Text

/// Files next to the audit log: the plans that were run, in `runs`, and the requests that were sent, without their secrets, in `requests`
/// by their digest. They are not needed for a first request, so write errors are ignored.
struct RunFolder: Sendable {
  private static let longest = 1 << 24
  /// A stored plan that was not modified for this time (in seconds) is deleted when a new one is written.
  private static let age: time_t = 90 * 86_400

  private let files: SharedFile
  private let folder: String

  init(_ settings: AuditSettings) {
    files = SharedFile(settings: settings)
    folder = settings.path.lastIndex(of: "/").map { String(settings.path[..<$0]) } ?? "."
  }

  // MARK: Requests

  /// If the write succeeds, the file is synced to disk.
  func keep(_ request: PreparedRequest, digest: String, _ form: KeptRequest) {
    guard let path = path("requests", digest), access(path, F_OK) != 0 else { return }
    write(Array(form.json(request).utf8), to: path)
  }

  /// The request as it was sent. `nil` if it is not stored, was changed, or is owned by another user: write access to this folder must
  /// not be enough to make this process send a request.
  func request(
    _ digest: String, _ form: KeptRequest, timeout: Duration, mask: (String) -> String
  ) -> PreparedRequest? {
    guard let path = path("requests", digest), let bytes = read(path, isOwn: true) else { return nil }
    return form.request(bytes, timeout: timeout).flatMap { $0.digest(mask) == digest ? $0 : nil }
  }

  // MARK: Plans

  /// Stores the plan and locks its file. The plan counts as running as long as the result is retained.
  func begin(_ plan: KeptPlan) -> RunFile? {
    removeOld()
    guard let path = path("runs", plan.run.intent) else { return nil }
    write(Array(plan.json.utf8), to: path)
    return RunFile(path)
  }

  func plan(_ intent: String) -> KeptPlan? { path("runs", intent).flatMap { read($0) }.flatMap(KeptPlan.init(json:)) }

  /// Whether a process is running it.
  func isRunning(_ intent: String) -> Bool {
    guard let path = path("runs", intent) else { return false }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// `nil` if the name contains characters that are not allowed.
  private func path(_ kind: String, _ name: String) -> String? {
    let isName =
      !name.isEmpty && name.utf8.count <= 128
      && name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-")
      }
    return isName ? "\(folder)/\(kind)/\(name)" : nil
  }

  private func write(_ bytes: [UInt8], to path: String) {
    files.make(folder: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
    let new = path + "-new"
    let file = files.open(new, O_WRONLY | O_CREAT | O_TRUNC)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    if fstat(file, &status) == 0 { files.settle(file, status) }
    // An incomplete file is useless, so it is removed.
    guard sg_write_whole(file, bytes, bytes.count) == bytes.count else { return _ = unlink(new) }
    if fsync(file) != 0 || rename(new, path) != 0 { unlink(new) }
  }

  private func read(_ path: String, isOwn: Bool = false) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.longest,
      !isOwn || status.st_uid == geteuid()
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = pread(file, &bytes, bytes.count, 0)
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  private func removeOld() {
    let now = time(nil)
    for kind in ["runs", "requests"] {
      guard let directory = opendir("\(folder)/\(kind)") else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let path = path(kind, name) else { continue }
        var status = stat()
        if lstat(path, &status) == 0, now - status.st_mtim.tv_sec > Self.age { unlink(path) }
      }
    }
  }
}

/// Holds the lock of a stored plan while it runs. The system releases the lock when the process ends for any reason.
final class RunFile: Sendable {
  private let file: Int32

  fileprivate init?(_ path: String) {
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      return nil
    }
  }

  deinit { close(file) }
}
