import Glibc
import Synchronization
import Testing

@testable import sagatop

@Suite("Files written by the screen")
struct BackgroundFilesTests {
  @Test("a slow disk blocks nothing: files are written in order, and messages come later")
  func order() {
    let written = Mutex<[Int]>([])
    let mayWrite = Atomic(false)
    let woken = Atomic(0)
    let files = BackgroundFiles { woken.wrappingAdd(1, ordering: .relaxed) }
    for number in 1...5 {
      files.begin {
        while !mayWrite.load(ordering: .acquiring) { sched_yield() }
        written.withLock { $0.append(number) }
        return number.isMultiple(of: 2) ? StateFolder.Saved(text: "\(number)") : nil
      }
    }
    #expect(written.withLock { $0 }.isEmpty && !files.hasResults)
    mayWrite.store(true, ordering: .releasing)
    files.close(patience: .seconds(10))
    #expect(written.withLock { $0 } == [1, 2, 3, 4, 5])
    #expect(files.takeResults().map(\.text) == ["2", "4"])
    #expect(files.takeResults().isEmpty && woken.load(ordering: .relaxed) == 2)
  }

  @Test("pending writes to a hanging disk are limited, and the limit is reported")
  func bounded() {
    let mayWrite = Atomic(false)
    let files = BackgroundFiles {}
    for _ in 0..<50 {
      files.begin {
        while !mayWrite.load(ordering: .acquiring) { sched_yield() }
        return nil
      }
    }
    #expect(files.takeResults().contains { $0.isError && $0.text.contains("too slow") })
    mayWrite.store(true, ordering: .releasing)
    files.close(patience: .seconds(10))
  }
}
