import Glibc
import Testing
import Text

@testable import Core

/// A page of metrics, and the results of Prometheus 2's parser and of the Python client library's parser (MetricPages/make.py).
struct MetricPage: CustomTestStringConvertible, Sendable {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: String
  }

  var page: String
  var isOpenMetrics: Bool
  /// Whether promtool accepts the page; `nil` for OpenMetrics, which promtool does not check.
  var promtool: Bool?
  /// `nil` if the client library rejects the page.
  var client: [JSONValue]?

  init?(_ line: Substring) {
    guard let node = JSONValue(Array(line.utf8)), let page = node["page"]?.text else { return nil }
    self.page = page
    (isOpenMetrics, promtool, client) = (
      node["isOpenMetrics"]?.truth ?? false, node["promtool"]?.truth, node["client"]?.elements
    )
  }

  var samples: [Sample]? {
    client?.compactMap(\.elements).map { sample in
      let labels = (sample[1].members ?? []).map { ($0.name, $0.value.text ?? "") }
      return Sample(
        name: sample[0].text ?? "", labels: Dictionary(labels) { first, _ in first }, value: sample[2].text ?? "")
    }
  }

  var testDescription: String { page }

  static let all: [MetricPage] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    guard let file = fopen("/\(folder)/MetricPages/pages.jsonl", "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap(MetricPage.init)
  }()
}

@Suite("Metric pages compared with the reference parsers")
struct MetricPageTests {
  @Test("all pages of the file are read") func count() { #expect(MetricPage.all.count == 142) }

  private func read(_ page: MetricPage) -> [MetricPage.Sample]? {
    var samples: [MetricPage.Sample] = []
    for line in page.page.split(separator: "\n") where !line.hasPrefix("#") && !line.allSatisfy(\.isWhitespace) {
      guard let sample = MetricSample(line, isOpenMetrics: page.isOpenMetrics) else { return nil }
      let labels = Dictionary(sample.labels.map { ($0.name, $0.value) }) { first, _ in first }
      samples.append(.init(name: sample.name, labels: labels, value: Self.text(sample.value)))
    }
    return samples
  }

  private static func text(_ value: Double) -> String {
    value.isNaN ? "NaN" : value == .infinity ? "inf" : value == -.infinity ? "-inf" : "\(value)"
  }

  /// Syntax that Prometheus 3 accepts and Prometheus 2 rejects: quoted names, and blanks at the end of a line.
  private static func isNewer(_ page: MetricPage) -> Bool {
    let line = page.page.dropLast()
    return line.hasSuffix(" ") || line.hasSuffix("\t") || line.contains("{\"") || line.contains(",\"")
  }

  @Test("a page is accepted if and only if Prometheus accepts it", arguments: MetricPage.all)
  func isTaken(page: MetricPage) {
    let isTakenByClient = page.client != nil
    let expected = Self.isNewer(page) ? isTakenByClient : page.promtool ?? isTakenByClient
    #expect((read(page) != nil) == expected)
  }

  @Test("an accepted page has the samples that the client library reads", arguments: MetricPage.all)
  func samples(page: MetricPage) {
    guard let expected = page.samples, let read = read(page) else { return }
    #expect(read == expected)
  }
}
