import Core
import Testing
import Text

@testable import Clients
@testable import Collectors

@Suite("selection of consumer groups to poll")
struct GroupCatalogTests {
  private static let start = Timestamp(milliseconds: 1_000_000)

  /// A class, because `#expect` cannot call mutating methods.
  private final class Cluster {
    var catalog: GroupCatalog

    init(_ patterns: [String], _ configured: [String]) throws {
      catalog = GroupCatalog(patterns: try patterns.map { try NamePattern($0) }, configured: configured)
    }

    func list(_ names: [String], _ failures: [GroupAdminResponse.Failure.Kind] = [], after seconds: Int = 0) {
      catalog.take(names, failures: failures.map { .init(kind: $0, text: "why") }, at: start + .seconds(seconds))
    }
  }

  private func cluster(_ patterns: [String] = ["*"], configured: [String] = []) throws -> Cluster {
    try Cluster(patterns, configured)
  }

  @Test("before the first listing, the configured groups are polled")
  func before() throws {
    let cluster = try cluster(configured: ["b", "a", "b", ""])
    #expect(cluster.catalog.names == ["a", "b"])
    #expect(!cluster.catalog.isListed && cluster.catalog.listing == .unknown)
    #expect(cluster.catalog.mustAsk(at: Self.start))
  }

  @Test("listed groups follow the listing; configured groups stay")
  func listed() throws {
    let cluster = try cluster(["order-*"], configured: ["payment"])
    cluster.list(["order-1", "order-2", "audit"])
    #expect(cluster.catalog.names == ["order-1", "order-2", "payment"])
    #expect(cluster.catalog.isListed && cluster.catalog.mustAsk(at: Self.start))
    cluster.list(["order-2"])
    #expect(cluster.catalog.names == ["order-2", "payment"])
    cluster.list([])
    #expect(cluster.catalog.names == ["payment"] && cluster.catalog.isListed)
  }

  @Test("if one broker does not respond, its last known groups are kept")
  func partly() throws {
    let cluster = try cluster()
    cluster.list(["a", "b"])
    cluster.list(["b", "c"], [.noAnswer])
    #expect(cluster.catalog.names == ["a", "b", "c"])
    cluster.list([], [.noAnswer, .noAnswer])
    #expect(cluster.catalog.names == ["a", "b", "c"] && cluster.catalog.isListed)
    cluster.list(["b", "c"])
    #expect(cluster.catalog.names == ["b", "c"])
  }

  @Test(
    "a broker that cannot or may not list groups is queried again after a minute",
    arguments: [[.unsupported], [.refused], [.noAnswer, .unsupported]] as [[GroupAdminResponse.Failure.Kind]])
  func impossible(failures: [GroupAdminResponse.Failure.Kind]) throws {
    let cluster = try cluster(configured: ["payment"])
    cluster.list([], failures)
    #expect(cluster.catalog.listing == .impossible("why") && cluster.catalog.names == ["payment"])
    #expect(!cluster.catalog.mustAsk(at: Self.start + .seconds(59)))
    #expect(cluster.catalog.mustAsk(at: Self.start + .seconds(60)))
    cluster.list(["a"], after: 60)
    #expect(cluster.catalog.isListed && cluster.catalog.names == ["a", "payment"])
    #expect(cluster.catalog.mustAsk(at: Self.start + .seconds(61)))
  }

  @Test("a broker that has never responded is queried in every round")
  func silent() throws {
    let cluster = try cluster()
    cluster.list([], [.noAnswer])
    #expect(cluster.catalog.listing == .unknown && cluster.catalog.mustAsk(at: Self.start))
  }

  @Test("groups that may be missing are reported, unless every pattern is an exact name")
  func incompleteness() throws {
    let unheard = "not every broker has listed its consumer groups"
    let (all, exact) = (try cluster(), try cluster(["payment"]))
    #expect(all.catalog.incompleteness == unheard && exact.catalog.incompleteness == nil)
    all.list(["a"], [.noAnswer])
    #expect(all.catalog.incompleteness == unheard)
    all.list(["a", "b"])
    #expect(all.catalog.incompleteness == nil)
    all.list(["a"], [.noAnswer])
    #expect(all.catalog.incompleteness == nil)
    all.list([], [.refused])
    #expect(all.catalog.incompleteness == "the broker does not list its consumer groups")
    exact.list([], [.refused])
    #expect(exact.catalog.incompleteness == nil)
    all.list((0...GroupCatalog.capacity).map { "group-\($0)" })
    #expect(all.catalog.incompleteness == "1 more consumer group is not read")
    all.list((0..<GroupCatalog.capacity + 2).map { "group-\($0)" })
    #expect(all.catalog.incompleteness == "2 more consumer groups are not read")
  }

  @Test("the number of polled groups is limited; configured ones take precedence")
  func bounded() throws {
    let cluster = try cluster(configured: ["zebra"])
    cluster.list((0..<GroupCatalog.capacity + 10).map { "group-\($0)" })
    #expect(cluster.catalog.names.count == GroupCatalog.capacity && cluster.catalog.omitted == 11)
    #expect(cluster.catalog.names.last == "zebra")
    cluster.list(["a"])
    #expect(cluster.catalog.omitted == 0)
  }
}
