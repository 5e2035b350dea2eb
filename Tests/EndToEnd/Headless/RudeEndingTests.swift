import Foundation
import Testing

@Suite("Snapshots that are disturbed", .serialized)
struct RudeEndingTests {
  private static let words = "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring -o json"

  private func shell(_ text: String, in folder: Folder) throws -> Run {
    try Run.command("/bin/sh", ["-c", "cd '\(folder.path)' || exit; \(text)"])
  }

  @Test(
    "a signal while it reads: nothing is printed, no file is left, and the code says which",
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
    "a cause and a report that are asked for end with a signal as a snapshot does",
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

  @Test("a signal while its reader is slow: the document is whole all the same")
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

  @Test("a signal while its reader takes nothing any more ends it all the same")
  func deadReader() throws {
    let folder = try Folder()
    let picture =
      "'\(Binaries.sagatop)' snapshot --brokers 127.0.0.1:1 --preset spring --timeout 0 -o screen --color --size 1000x1000"
    let run = try shell(
      "mkfifo pipe; sleep 20 < pipe & { timeout --preserve-status -s INT 2 \(picture) > pipe; echo code $?; }; kill $!",
      in: folder)
    #expect(run.output == "code 130\n", "\(run.output)\(run.errors)")
  }

  @Test("where the file may not grow the old one stays, and nothing is left beside it")
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

  @Test("a full device is an error that is told")
  func fullDevice() throws {
    let run = try shell("\(Self.words) --timeout 0 > /dev/full", in: try Folder())
    #expect(run.code == 74)
    #expect(run.errors.contains("No space left"), "\(run.errors)")
  }

  @Test("whoever reads a file that two snapshots write at once always sees a whole document")
  func twoWriters() throws {
    let folder = try Folder()
    let write = "\(Self.words) --timeout 0 --to out"
    let run = try shell(
      "for i in 1 2 3; do \(write) 2>> errors & \(write) 2>> errors & wait; /usr/bin/python3 -m json.tool out "
        + "> /dev/null || echo broken; done; ls", in: folder)
    #expect(run.output == "errors\nout\n", "\(run.output)")
  }

  @Test("the mode of the old file stays, and a link goes on pointing")
  func mode() throws {
    let folder = try Folder()
    let run = try shell(
      "echo old > file; chmod 640 file; ln -s file link; \(Self.words) --timeout 0 --to link 2> /dev/null; "
        + "stat -c '%a %F' file link", in: folder)
    #expect(run.output == "640 regular file\n777 symbolic link\n", "\(run.output)")
  }
}
