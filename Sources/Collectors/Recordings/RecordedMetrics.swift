import Core
import Text

/// Converts scraped metrics to and from lines of a recording.
enum RecordedMetrics {
  static func node(_ metrics: MetricsPage) -> JSONNode {
    RecordedObject.make { object in
      object.list("counters", metrics.counters.map(node))
      object.list("histograms", metrics.histograms.map(node))
      object.list(
        "gauges",
        metrics.gauges.map { gauge in
          RecordedObject.make {
            $0.text("name", gauge.name)
            $0.number("value", gauge.value)
          }
        })
      object.list("processStarts", metrics.processStarts.map { .string("\($0)") })
      object.whole("lines", metrics.lines)
      object.whole("badLines", metrics.badLines)
      object.text("firstBadLine", metrics.firstBadLine)
      object.text("problem", metrics.problem)
      object.text("quantileProblem", metrics.quantileProblem)
    }
  }

  private static func node(_ counter: MetricsPage.Counter) -> JSONNode {
    RecordedObject.make { object in
      object.text("series", counter.series)
      object.number("count", counter.count)
      if let isError = counter.isError { object.text("kind", isError ? "error" : "success") }
    }
  }

  private static func node(_ histogram: MetricsPage.Histogram) -> JSONNode {
    RecordedObject.make { object in
      object.text("series", histogram.series)
      object.list(
        "buckets",
        histogram.buckets.map { bucket in
          RecordedObject.make {
            $0.number("limit", bucket.limit)
            $0.number("count", bucket.count)
          }
        })
    }
  }

  static func reading(_ node: JSONNode) throws(DamagedLine) -> MetricsPage {
    var metrics = MetricsPage()
    for counter in node.list("counters") {
      metrics.counters.append(
        .init(
          counter.text("series") ?? "", try DamagedLine.need(counter.number("count")),
          isError: counter.text("kind").map { $0 == "error" }))
    }
    for histogram in node.list("histograms") {
      let buckets = try histogram.list("buckets").map { (bucket) throws(DamagedLine) in
        MetricsPage.Bucket(try DamagedLine.need(bucket.number("limit")), try DamagedLine.need(bucket.number("count")))
      }
      metrics.histograms.append(.init(series: histogram.text("series") ?? "", buckets: buckets))
    }
    for gauge in node.list("gauges") {
      metrics.gauges.append(
        .init(try DamagedLine.need(gauge.text("name")), try DamagedLine.need(gauge.number("value"))))
    }
    metrics.processStarts = node.list("processStarts").compactMap { $0.scalar.flatMap { Double($0) } }
    metrics.lines = node.whole("lines") ?? 0
    metrics.badLines = node.whole("badLines") ?? 0
    metrics.firstBadLine = node.text("firstBadLine")
    (metrics.problem, metrics.quantileProblem) = (node.text("problem"), node.text("quantileProblem"))
    return metrics
  }
}
