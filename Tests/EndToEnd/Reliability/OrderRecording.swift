import Foundation

/// A recording of one order per second. Each takes one second, until `payment-service` stops in second `stops`. Later orders wait.
struct OrderRecording {
  var stops = 15
  var length = 70
  /// Seconds by which the producers' clocks are ahead.
  var ahead = 0
  /// The group has no members after the service has stopped.
  var leaves = false
  /// If set, no group can be read after the service has stopped.
  var error: String?
  /// The broker is down during this number of seconds at the end.
  var down = 0

  private static let start = 1_795_000_000
  private static let ways = [
    "order-created", "inventory-reserved", "payment-completed", "delivery-started", "delivery-completed",
  ]

  var text: String {
    var lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"demo","system":"spring","startedAt":"2026-11-18T00:00:00.000Z"}"#
    ]
    for second in 0..<(length - down) {
      lines += ["kafka", "lag"].map { status($0, at: second) }
      lines += order(second)
      if second % 2 == 0 { lines.append(groups(second)) }
    }
    if down > 0 { lines.append(status("kafka", at: length - down, isDown: true)) }
    lines.append(#"{"at":\#(Self.start + length)000000000,"kind":"end"}"#)
    return lines.joined(separator: "\n") + "\n"
  }

  private func status(_ name: String, at second: Int, isDown: Bool = false) -> String {
    let time = "\(Self.start + second)000000000"
    let isPartial = name == "lag" && error != nil && second >= stops
    let phase = isDown ? "down" : isPartial ? "degraded" : "up"
    let told = isPartial || isDown ? #","error":"no answer in time""# : ""
    let success = "\(Self.start + second - (isDown ? 1 : 0))000000000"
    let more = name == "lag" ? #","beside":true"# : ""
    return
      #"{"at":\#(time),"kind":"status","reading":{"name":"\#(name)","phase":"\#(phase)","lastSuccess":\#(success),"#
      + #""complete":true,"messages":0,"bytes":0\#(more)\#(told)}}"#
  }

  private func order(_ number: Int) -> [String] {
    let way = number < stops ? Self.ways[...] : Self.ways[..<2]
    return way.enumerated().map { place, topic in
      // After the stop, no event of later topics exists.
      let read = (Self.start + number) * 1000 + 100 + place * 100
      return #"{"at":\#(read)000000,"kind":"message","topic":"\#(topic)","partition":0,"offset":\#(number),"#
        + #""time":\#(read - 20 + ahead * 1000)000000,"received":\#(read)000000,"key":"\#(number)","headers":[],"#
        + #""body":"{\"orderId\":\#(number),\"productId\":1}"}"#
    }
  }

  private func groups(_ second: Int) -> String {
    let time = (Self.start + second) * 1000 + 900
    let handled = min(second + 1, stops)
    let ends = Self.ways.enumerated().map { #"["\#($1)",0,0,\#($0 < 2 ? second + 1 : handled)]"# }.joined(
      separator: ",")
    let readers = [
      ("inventory-service", "order-created", second + 1), ("payment-service", "inventory-reserved", handled),
      ("delivery-service", "payment-completed", handled),
    ]
    let groups = readers.map { name, topic, offset in
      if let error, second >= stops { return #"{"name":"\#(name)","error":"\#(error)"}"# }
      let isLeft = leaves && name == "payment-service" && second >= stops
      let member = #"{"id":"m","client":"\#(name)","host":"/h","partitions":[["\#(topic)",0]]}"#
      return #"{"name":"\#(name)","state":"\#(isLeft ? "Empty" : "Stable")","members":[\#(isLeft ? "" : member)],"#
        + #""commits":[["\#(topic)",0,\#(offset)]]}"#
    }
    return
      #"{"at":\#(time)000000,"kind":"lag","reading":{"time":\#(time)000000,"took":1000000,"requests":3,"listed":true,"#
      + #""ends":[\#(ends)],"groups":[\#(groups.joined(separator: ","))]}}"#
  }
}
