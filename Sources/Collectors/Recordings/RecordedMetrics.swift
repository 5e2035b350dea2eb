import Core
import Text

/// A scrape of a service's metrics as a line of a recording has it.
enum RecordedMetrics {
  static func node(_ metrics: MetricsPage) -> JSONNode {
    RecordedObject.make { object in
      object.number("requests", metrics.requests)
      object.number("errors", metrics.errors)
      object.list(
        "buckets",
        metrics.buckets.map { bucket in
          RecordedObject.make {
            $0.number("limit", bucket.limit)
            $0.number("count", bucket.count)
          }
        })
      object.list(
        "gauges",
        metrics.gauges.map { gauge in
          RecordedObject.make {
            $0.text("name", gauge.name)
            $0.number("value", gauge.value)
          }
        })
      object.number("processStart", metrics.processStart)
      object.whole("lines", metrics.lines)
      object.whole("badLines", metrics.badLines)
      object.text("firstBadLine", metrics.firstBadLine)
    }
  }

  static func reading(_ node: JSONNode) throws(DamagedLine) -> MetricsPage {
    var metrics = MetricsPage()
    metrics.requests = node.number("requests")
    metrics.errors = node.number("errors")
    for bucket in node.list("buckets") {
      metrics.buckets.append(
        .init(try DamagedLine.need(bucket.number("limit")), try DamagedLine.need(bucket.number("count"))))
    }
    for gauge in node.list("gauges") {
      metrics.gauges.append(
        .init(try DamagedLine.need(gauge.text("name")), try DamagedLine.need(gauge.number("value"))))
    }
    metrics.processStart = node.number("processStart")
    metrics.lines = node.whole("lines") ?? 0
    metrics.badLines = node.whole("badLines") ?? 0
    metrics.firstBadLine = node.text("firstBadLine")
    return metrics
  }
}
