import Glibc
import Testing

@testable import sagatop

@Suite("Atomic file writes")
struct AtomicFileTests {
  private let folder: String

  init() throws {
    var template = Array("/tmp/sagatop-atomic-XXXXXX".utf8CString)
    folder = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  private func contents(_ path: String) -> String {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func isWritten(_ text: String, to path: String) -> Bool {
    if case .success = AtomicFile.write(text, to: path) { true } else { false }
  }

  @Test("the target of a link is replaced, not the link, and its permissions are kept")
  func link() {
    let file = "\(folder)/file", link = "\(folder)/link"
    #expect(isWritten("old", to: file))
    chmod(file, 0o600)
    symlink("file", link)
    #expect(isWritten("new", to: link))
    #expect(contents(file) == "new")
    #expect(mode(link).map { $0 & S_IFMT } == S_IFLNK)
    #expect(mode(file).map { $0 & 0o777 } == 0o600)
  }

  @Test("a pipe or device is written to and not replaced")
  func pipe() {
    let path = "\(folder)/pipe"
    mkfifo(path, 0o600)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    #expect(isWritten("text", to: path))
    var bytes = [UInt8](repeating: 0, count: 100)
    #expect(read(reader, &bytes, bytes.count) == 4)
    #expect(mode(path).map { $0 & S_IFMT } == S_IFIFO)
  }

  @Test("a pipe without a reader is an error and does not block")
  func unread() {
    let path = "\(folder)/unread"
    mkfifo(path, 0o600)
    #expect(!isWritten("text", to: path))
    #expect(mode(path).map { $0 & S_IFMT } == S_IFIFO)
  }

  @Test("an unwritable path is an error that names it", arguments: ["/dev/full", "/", "/no/such/folder/file"])
  func failure(path: String) {
    guard case .failure(let error) = AtomicFile.write("text", to: path) else {
      Issue.record("\(path) was written")
      return
    }
    #expect(error.message.hasPrefix(path))
  }
}
