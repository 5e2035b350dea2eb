import Core
import Testing
import Text

@testable import Clients
@testable import Collectors

@Suite("which consumer groups are asked for")
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

  @Test("before the broker has listed anything, the configured ones are")
  func before() throws {
    let cluster = try cluster(configured: ["b", "a", "b", ""])
    #expect(cluster.catalog.names == ["a", "b"])
    #expect(!cluster.catalog.isListed && cluster.catalog.listing == .unknown)
    #expect(cluster.catalog.mustAsk(at: Self.start))
  }

  @Test("listed groups come and go with the listing; the configured ones stay")
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

  @Test("where one broker does not answer, its groups of the last time are kept")
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
    "a broker that cannot list or may not is asked again after a minute",
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

  @Test("a broker that has never answered is asked in every round")
  func silent() throws {
    let cluster = try cluster()
    cluster.list([], [.noAnswer])
    #expect(cluster.catalog.listing == .unknown && cluster.catalog.mustAsk(at: Self.start))
  }

  @Test("no more groups are asked for than can be borne, the configured ones first")
  func bounded() throws {
    let cluster = try cluster(configured: ["zebra"])
    cluster.list((0..<GroupCatalog.capacity + 10).map { "group-\($0)" })
    #expect(cluster.catalog.names.count == GroupCatalog.capacity && cluster.catalog.omitted == 11)
    #expect(cluster.catalog.names.last == "zebra")
    cluster.list(["a"])
    #expect(cluster.catalog.omitted == 0)
  }
}
