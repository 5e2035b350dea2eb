import Core
import Glibc

/// Opens and creates the files of the audit log with the configured permissions.
struct SharedFile {
  let settings: AuditSettings

  private var fileMode: mode_t { settings.group == nil ? 0o600 : 0o660 }
  private var folderMode: mode_t { settings.group == nil ? 0o700 : 0o2770 }

  /// Returns a negative number and sets `errno` on failure. A symbolic link is followed only if root owns it.
  func open(_ path: String, _ flags: Int32) -> Int32 {
    let flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let file = Glibc.open(path, flags, fileMode)
    guard file < 0, errno == ELOOP else { return file }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, status.st_uid == 0,
      let real = realpath(path, nil)
    else {
      errno = ELOOP
      return -1
    }
    defer { free(real) }
    return Glibc.open(real, flags, fileMode)
  }

  /// Sets the configured permissions and group. Does nothing if the process does not own the file.
  func settle(_ file: Int32, _ status: stat) {
    guard status.st_uid == geteuid() else { return }
    if let group = settings.group, let wanted = Self.id(ofGroup: group), status.st_gid != wanted {
      _ = fchown(file, .max, wanted)
    }
    if status.st_mode & 0o777 != fileMode { fchmod(file, fileMode) }
  }

  /// Creates the missing parent folders and the file, and syncs the folder so that the new file name is durable. Returns the error number of
  /// a folder that could not be created, else 0.
  func makeFolder(of path: String) -> Int32 {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    guard !folder.isEmpty, access(path, F_OK) != 0 else { return 0 }
    let reason = make(folder: folder)
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return reason }
    let file = self.open(path, O_RDWR | O_CREAT)
    if file >= 0 { close(file) }
    fsync(descriptor)
    close(descriptor)
    return 0
  }

  /// Returns the error number of the first folder that could not be created, else 0.
  @discardableResult
  func make(folder: String) -> Int32 {
    var (made, reason) = ("", Int32(0))
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      guard made != "/" else { continue }
      guard mkdir(made, folderMode) == 0 else {
        if reason == 0, errno != EEXIST { reason = errno }
        continue
      }
      guard let group = settings.group.flatMap(Self.id) else { continue }
      _ = chown(made, .max, group)
      chmod(made, folderMode)
    }
    return reason
  }

  private static func id(ofGroup name: String) -> gid_t? {
    var entry = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var space = [CChar](repeating: 0, count: 65_536)
    guard getgrnam_r(name, &entry, &space, space.count, &found) == 0, let found else { return nil }
    return found.pointee.gr_gid
  }
}

/// `flock` with a timeout: a process that was suspended while it held the lock must not block this process.
enum FileLock {
  private static let patience = Duration.seconds(3)
  private static let step: UInt32 = 2000

  /// Blocks. Returns false and sets `errno` if the lock was not acquired.
  static func take(_ file: Int32, _ operation: Int32) -> Bool {
    let end = ContinuousClock.now + patience
    while flock(file, operation | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      guard ContinuousClock.now < end else {
        errno = EWOULDBLOCK
        return false
      }
      usleep(step)
    }
    return true
  }
}
