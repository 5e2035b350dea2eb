import Core
import Text

/// What is known of one action, in short sentences.
struct ActionDetail {
  let record: ActionRecord
  let glyphs: Glyphs

  var lines: DetailLines {
    var lines = DetailLines(headline: headline, facts: [request, origin])
    lines.headlineLines = 1
    return lines
  }

  /// "retry of order 1007: observed in 3.2s".
  var headline: StyledLine {
    var line = StyledLine("\(ActionStyle.name(record.action)) of ", .heading, .strong)
    if !record.type.isEmpty { line.add("\(record.type) ", .dim) }
    line.add(Truncation.middle(record.subject, columns: 40, ellipsis: glyphs.ellipsis), .heading, .strong)
    line.add(": ")
    line.add(ActionStyle.sentence(record.outcome), ActionStyle.role(record.outcome))
    return line
  }

  private var request: StyledLine {
    var line = StyledLine("request ", .dim)
    line.add(record.request.isEmpty ? Quantity.unknown : record.request)
    if let latency = record.latency { line.add(", answered in \(Quantity.latency(latency))", .dim) }
    return line
  }

  /// Who, from where, and why.
  var origin: StyledLine {
    var line = StyledLine("by ", .dim)
    line.add(record.operator.name)
    if let user = record.operator.sudoUser { line.add(", sudo of \(user)", .dim) }
    if let connection = record.operator.sshConnection { line.add(", over ssh from \(connection)", .dim) }
    if !record.reason.isEmpty {
      line.add(": ", .dim)
      line.add(record.reason)
    }
    return line
  }
}
