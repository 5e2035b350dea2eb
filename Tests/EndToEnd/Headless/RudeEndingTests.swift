import Foundation
import Testing

@Suite("Interrupted snapshots", .serialized)
struct RudeEndingTests {
  private static let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring -o json"

  private func shell(_ text: String, in folder: Folder) throws -> Run {
    try Run.command("/bin/sh", ["-c", "cd '\(folder.path)' || exit; \(text)"])
  }

  @Test(
    "a signal while reading: nothing is printed, no file is left, and the exit status shows the signal",
    arguments: [
      ("INT", 130), ("TERM", 143), ("HUP", 129),
    ])
  func signal(name: String, code: Int32) throws {
    let folder = try Folder()
    for output in ["> out", "--to out"] {
      let run = try shell("timeout --preserve-status -s \(name) 0.5 \(Self.words) --timeout 60s \(output)", in: folder)
      #expect(run.code == code)
      #expect(run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
      #expect(try folder.names.filter { $0 != "out" }.isEmpty)
      #expect(((try? folder.text("out")) ?? "").isEmpty)
    }
  }

  @Test(
    "`why` and `report` end on a signal like a snapshot",
    arguments: [("INT", 130), ("TERM", 143)], ["why 7", "report 7", "report --since 5m"])
  func answers(signal: (name: String, code: Int32), words: String) throws {
    let folder = try Folder()
    let run = try shell(
      "timeout --preserve-status -s \(signal.name) 0.5 '\(Binaries.sagatop)' \(words) --brokers 127.0.0.1:1 "
        + "--preset spring --timeout 60s --to out", in: folder)
    #expect(run.code == signal.code)
    #expect(run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    #expect(try folder.names.isEmpty)
  }

  @Test("a signal while the output's reader is slow: the document is complete")
  func slowReader() throws {
    let folder = try Folder()
    // More than a pipe's capacity.
    let picture =
      "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 -o screen --color --size 1000x1000"
    let run = try shell(
      "{ \(picture) & echo $! > pid; wait $!; echo code $? > code; } 2> errors | "
        + "{ head -c 1000; kill -INT $(cat pid); sleep 0.2; cat; } > out; test $(wc -c < out) -gt 1000000 && cat code",
      in: folder)
    #expect(run.output == "code 130\n", "\(run.output)")
  }

  @Test("a signal while the output's reader is blocked ends it")
  func deadReader() throws {
    let folder = try Folder()
    let picture =
      "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 -o screen --color --size 1000x1000"
    let run = try shell(
      "mkfifo pipe; sleep 20 < pipe & { timeout --preserve-status -s INT 2 \(picture) > pipe; echo code $?; }; kill $!",
      in: folder)
    #expect(run.output == "code 130\n", "\(run.output)\(run.errors)")
  }

  @Test("if the file must not grow, the old one is kept, and no other file is left")
  func fullDisk() throws {
    let folder = try Folder()
    try folder.write("old", to: "out")
    let run = try shell(
      "ulimit -f 1; '\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 -o svg --to out",
      in: folder)
    #expect(run.code == 74)
    #expect(run.errors.contains("the old contents stay"), "\(run.errors)")
    #expect(try folder.names == ["out"])
    #expect(try folder.text("out") == "old")
  }

  @Test("a full device is a reported error")
  func fullDevice() throws {
    let run = try shell("\(Self.words) --timeout 0 > /dev/full", in: try Folder())
    #expect(run.code == 74)
    #expect(run.errors.contains("No space left"), "\(run.errors)")
  }

  @Test("a reader of a file written by two concurrent snapshots always sees a complete document")
  func twoWriters() throws {
    let folder = try Folder()
    let write = "\(Self.words) --timeout 0 --to out"
    let run = try shell(
      "for i in 1 2 3; do \(write) 2>> errors & \(write) 2>> errors & wait; /usr/bin/python3 -m json.tool out "
        + "> /dev/null || echo broken; done; ls", in: folder)
    #expect(run.output == "errors\nout\n", "\(run.output)")
  }

  @Test("the old file's mode is kept, and a symbolic link is preserved")
  func mode() throws {
    let folder = try Folder()
    let run = try shell(
      "echo old > file; chmod 640 file; ln -s file link; \(Self.words) --timeout 0 --to link 2> /dev/null; "
        + "stat -c '%a %F' file link", in: folder)
    #expect(run.output == "640 regular file\n777 symbolic link\n", "\(run.output)")
  }
}
