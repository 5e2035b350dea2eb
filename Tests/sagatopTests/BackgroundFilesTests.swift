import Glibc
import Synchronization
import Testing

@testable import sagatop

@Suite("What the screen writes")
struct BackgroundFilesTests {
  @Test("a slow disk holds nobody up: things are written one after the other, and what there is to say comes later")
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

  @Test("what a disk never takes is bounded, and said")
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
