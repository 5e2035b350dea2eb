import Core
import Testing

@testable import Collectors

@Suite("Jobs as events")
struct JobReaderTests {
  /// The JSON of a job in the Kubernetes API. `status` is JSON text with conditions.
  static func job(
    _ name: String, labels: String = #""shop/saga":"s-1","shop/step":"pay""#, uid: String = "u-1", status: String = ""
  ) -> String {
    #"{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(uid)","#
      + #""resourceVersion":"7","creationTimestamp":"2026-01-27T10:00:00Z","labels":{\#(labels)},"#
      + #""annotations":{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}},"#
      + #""spec":{"backoffLimit":2,"activeDeadlineSeconds":60},"status":{\#(status)}}"#
  }

  static let started = #""startTime":"2026-01-27T10:00:01Z","active":1"#
  static let done =
    #""startTime":"2026-01-27T10:00:01Z","completionTime":"2026-01-27T10:00:09Z","succeeded":1,"failed":1,"conditions":["#
    + #"{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True","lastTransitionTime":"2026-01-27T10:00:10Z"}]"#

  static func failed(_ reason: String, _ message: String, failed: Int = 3) -> String {
    #""startTime":"2026-01-27T10:00:01Z","failed":\#(failed),"conditions":[{"type":"Failed","status":"True","#
      + #""lastTransitionTime":"2026-01-27T10:01:01Z","reason":"\#(reason)","message":"\#(message)"}]"#
  }

  private func read(_ text: String) -> [JobReader.Message] { JobReader().messages(Array(text.utf8)) ?? [] }

  private func time(_ text: String) -> Timestamp? { TimestampParser.parse("2026-01-27T\(text)Z") }

  @Test(
    "a job's state gives the events that led to it",
    arguments: [
      ("", ["job created"]),
      (started, ["job created", "job started"]),
      (started + #","failed":2"#, ["job created", "job started", "job retried", "job retried"]),
      (done, ["job created", "job started", "job retried", "job succeeded"]),
      (
        failed("BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        ["job created", "job started", "job retried", "job retried", "job failed"]
      ),
      (failed("DeadlineExceeded", "Job was active longer", failed: 0), ["job created", "job started", "job failed"]),
      (
        #""conditions":[{"type":"Suspended","status":"True"},{"type":"Failed","status":"False"}]"#,
        ["job created", "job suspended"]
      ),
    ])
  func states(status: String, types: [String]) {
    #expect(read(Self.job("pay-1", status: status)).map(\.type) == types)
  }

  @Test("times are those of the API, errors contain the reason, labels and annotations are headers")
  func members() throws {
    let all = read(Self.job("pay-1", status: Self.failed("DeadlineExceeded", "Job was active longer", failed: 0)))
    #expect(all.map(\.time) == [time("10:00:00"), time("10:00:01"), time("10:01:01")])
    let last = try #require(all.last)
    #expect(last.key == "pay-1" && last.headers.map(\.name) == ["shop/saga", "shop/step", "traceparent"])
    #expect(
      String(decoding: last.body, as: UTF8.self)
        == #"{"type":"job failed","job":"pay-1","namespace":"shop","uid":"u-1","time":"2026-01-27T10:01:01.000Z","#
        + #""error":"DeadlineExceeded: Job was active longer","failed":0,"backoffLimit":2,"deadlineSeconds":60}"#)
    #expect(read(Self.job("pay-1", status: Self.done)).last?.time == time("10:00:09"))
  }

  @Test("the same change has the same identity; another job with the same name has a different one")
  func identities() {
    let first = read(Self.job("pay-1", status: Self.started)).map(\.identity)
    let later = read(Self.job("pay-1", status: Self.done)).map(\.identity)
    #expect(Array(later.prefix(2)) == first && Set(later).count == later.count)
    #expect(Set(first).isDisjoint(with: read(Self.job("pay-1", uid: "u-2", status: Self.started)).map(\.identity)))
  }

  @Test("a job deleted before its end is reported, a finished one is not")
  func deleted() {
    func event(_ status: String) -> String { #"{"type":"DELETED","object":\#(Self.job("pay-1", status: status))}"# }
    #expect(read(event(Self.started)).map(\.type) == ["job created", "job started", "job deleted"])
    #expect(read(event(Self.done)).last?.type == "job succeeded")
  }

  @Test(
    "a damaged document, or one without a job, gives no event",
    arguments: [
      "", "[]", #"{"kind":"Pod","metadata":{"name":"a"}}"#, #"{"kind":"Job"}"#,
      #"{"kind":"Job","metadata":{"name":7}}"#,
    ])
  func damaged(text: String) {
    #expect(JobReader().messages(Array(text.utf8)) == nil)
  }

  @Test("invalid numbers and texts cause no crash")
  func odd() {
    let status = #""failed":99999999999999999999,"startTime":"yesterday","conditions":[7,{"type":[],"status":"True"}]"#
    #expect(read(Self.job("pay-1", status: status)).map(\.type) == ["job created"])
    #expect(read(Self.job("pay-1", status: #""failed":-3"#)).map(\.type) == ["job created"])
    #expect(read(Self.job("pay-1", status: #""failed":100000"#)).count == 101)
    let least = Self.failed("a", "b", failed: .min)
    #expect(read(Self.job("pay-1", status: least)).map(\.type) == ["job created", "job started", "job failed"])
  }
}
