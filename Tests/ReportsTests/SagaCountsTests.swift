import Core
import Testing
import Text

@testable import Reports

@Suite("Counts of sagas in a snapshot")
struct SagaCountsTests {
  private func report(evictedOpen: Int) -> SnapshotReport {
    var total = TypeView(type: "")
    (total.counts.running, total.counts.completed, total.counts.stuck) = (4, 9, 2)
    var overview = OverviewView(total: total, types: [total])
    overview.evictedOpen = evictedOpen
    return SnapshotReport(
      SnapshotView(
        header: HeaderView(context: "test", now: Timestamp(milliseconds: 1_769_508_202_000)), isComplete: true,
        overview: overview))
  }

  @Test(
    "are exact, or lower bounds without zeros if sagas without an end were dropped",
    arguments: [(0, "exact", "0"), (3, "atLeast", "null")])
  func quality(evictedOpen: Int, quality: String, zero: String) {
    let report = report(evictedOpen: evictedOpen)
    let json = JSONWriter.write(SnapshotJSON.document(report, sections: [.sagas]), isPretty: false)
    #expect(
      json.contains(
        #""counts":{"running":4,"completed":9,"compensating":\#(zero),"compensated":\#(zero),"failed":\#(zero),"#
          + #""declined":\#(zero),"ended":\#(zero),"stuck":2},"countsQuality":"\#(quality)""#), "\(json)")
  }
}
