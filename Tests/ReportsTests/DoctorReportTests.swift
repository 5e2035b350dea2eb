import Testing
import Text

@testable import Reports

@Suite("Output of the doctor")
struct DoctorReportTests {
  private static let findings = [
    Finding("kafka", .ok, "1 broker"), Finding("kafka", .failed, "topic \u{1b}[2J: Read", advice: "kafka-acls --add"),
    Finding("redis", .warning, "slow"),
  ]

  @Test("is grouped and escaped, with advice and a summary")
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

  @Test("the worst finding decides; a note is no problem")
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
