import Foundation

/// A recording of one consumer group, polled every second.
struct LagRecording {
  /// Log start and end offset per partition of the topic `order-created`; `nil` if unknown.
  var ends: [(start: Int, end: Int)?]
  /// Committed offset per partition; `nil` if there is none.
  var commits: [Int?]?
  var members = 1
  var error: String?
  /// New messages per second.
  var arriving = 0
  /// From this second on, the topic is recreated and has this end offset.
  var anew: (second: Int, end: Int)?
  /// The broker is down during the second half.
  var dies = false
  /// In seconds.
  var length = 40

  private static let start = 1_795_000_000

  var text: String {
    var lines = [
      #"{"schema":"sagatop.recording/v1","version":"0.1.0","context":"demo","system":"spring","startedAt":"2026-11-18T00:00:00.000Z"}"#,
      status("kafka", at: 0), status("lag", at: 0),
    ]
    for second in 0..<length where !dies || second < length / 2 {
      lines += [reading(second), status("lag", at: second), status("kafka", at: second)]
    }
    if dies { lines.append(status("kafka", at: length / 2, last: length / 2 - 1)) }
    lines.append(#"{"at":\#(Self.start + length)000000000,"kind":"end"}"#)
    return lines.joined(separator: "\n") + "\n"
  }

  private func status(_ name: String, at second: Int, last: Int? = nil) -> String {
    let (time, isDown) = ("\(Self.start + second)000000000", last != nil)
    let success = "\(Self.start + (last ?? second))000000000"
    return #"{"at":\#(time),"kind":"status","reading":{"name":"\#(name)","phase":"\#(isDown ? "down" : "up")","#
      + #""lastSuccess":\#(success),"complete":true,"messages":0,"bytes":0\#(name == "lag" ? #","beside":true"# : "")}}"#
  }

  private func end(_ first: Int, at second: Int) -> Int {
    if let anew, second >= anew.second { return anew.end + arriving * (second - anew.second) }
    return first + arriving * second
  }

  private func reading(_ second: Int) -> String {
    let time = "\(Self.start + second)000000000"
    let logs = ends.enumerated().map { partition, log in
      "\(partition)," + (log.map { "\($0.start),\(end($0.end, at: second))" } ?? "null,null")
    }
    let offsets = commits.map { list in list.enumerated().map { "\($0),\($1.map { "\($0)" } ?? "null")" } }
    let places = ends.indices.map { "\($0)" }.joined(separator: ",")
    let member = #"{"id":"m","client":"c","host":"/h","partitions":[["order-created",\#(places)]]}"#
    let commits = offsets.map { #","commits":[["order-created",\#($0.joined(separator: ","))]]"# } ?? ""
    let state = members > 0 ? "Stable" : "Empty"
    return #"{"at":\#(time),"kind":"lag","reading":{"time":\#(time),"took":1000000,"requests":3,"listed":true,"#
      + #""ends":[["order-created",\#(logs.joined(separator: ","))]],"groups":[{"name":"inventory-service","state":"\#(state)","#
      + #""members":[\#(members > 0 ? member : "")]\#(commits)\#(error.map { #","error":"\#($0)""# } ?? "")}]}}"#
  }
}
