import Testing
import Text

@testable import Reports

@Suite("What the doctor says")
struct DoctorReportTests {
  private static let findings = [
    Finding("kafka", .ok, "1 broker"), Finding("kafka", .failed, "topic \u{1b}[2J: Read", advice: "kafka-acls --add"),
    Finding("redis", .warning, "slow"),
  ]

  @Test("grouped, harmless, with advice and a sum")
  func text() {
    #expect(
      DoctorReport.text(Self.findings) == """
        kafka
          ok       1 broker
          failed   topic ^[[2J: Read
                   kafka-acls --add
        redis
          warning  slow

        1 failed, 1 warning

        """)
    #expect(DoctorReport.text([Finding("a", .note, "b")]).hasSuffix("\nall well\n"))
  }

  @Test("the worst counts; a note is no trouble")
  func worst() {
    #expect(DoctorReport.worst(Self.findings) == .failed)
    #expect(DoctorReport.worst([Finding("a", .note, "b"), Finding("a", .warning, "b")]) == .warning)
    #expect(DoctorReport.worst([Finding("a", .note, "b")]) == .ok)
    let json = JSONWriter.write(DoctorReport.json(Array(Self.findings.prefix(1))), isPretty: false)
    #expect(
      json == #"{"schema":"sagatop.doctor/v1","state":"ok","findings":"#
        + #"[{"area":"kafka","state":"ok","text":"1 broker","advice":null}]}"#)
  }
}
