import Configuration
import Core
import Reports
import TUI
import Text

/// A changed check in the formats in which it is sent.
struct NotificationText {
  /// Alertmanager ends an alert after this time if no later message ends it.
  private static let alertLifetime = Duration.seconds(24 * 3600)

  let change: CheckTransitions.Change
  let context: String

  var title: String { "sagatop \(context)" }

  /// One line of text.
  var sentence: String {
    let value = change.value.map { "\(JSONValue.double($0).scalar ?? "-")\(change.unit)" } ?? "-"
    let before = change.from.map { ", was \($0.name)" } ?? ""
    return "\(change.check) is \(change.to.name)\(before): \(value)\(change.detail.isEmpty ? "" : ", \(change.detail)")"
  }

  /// `NAME=value` for a command. Characters that are not printable are escaped.
  var variables: [String] {
    [
      ("CONTEXT", context), ("CHECK", change.check), ("MEASURE", change.measure), ("STATE", change.to.name),
      ("FROM", change.from?.name ?? ""), ("VALUE", change.value.flatMap { JSONValue.double($0).scalar } ?? ""),
      ("UNIT", change.unit), ("DETAIL", change.detail), ("TIME", change.at.iso8601),
    ].map { "SAGATOP_\($0.0)=\(Sanitizer.sanitized($0.1))" }
  }

  func body(_ template: NotifySettings.Webhook.Template) -> [UInt8] {
    let value: JSONValue =
      switch template {
      case .json: json
      case .alertmanager: .array(alerts)
      }
    return Array(JSONWriter.write(value, isPretty: false).utf8)
  }

  private var json: JSONValue {
    .object([
      ("schema", .string("sagatop.notification/v1")), ("context", .string(context)), ("check", .string(change.check)),
      ("measure", .string(change.measure)), ("from", change.from.map { .string($0.name) } ?? .null),
      ("to", .string(change.to.name)), ("value", change.value.map(JSONValue.double) ?? .null),
      ("unit", .string(change.unit)), ("detail", .string(change.detail)), ("at", .string(change.at.iso8601)),
    ])
  }

  /// For Alertmanager's API v2: ends the alert of the previous state and starts one for the new state.
  private var alerts: [JSONValue] {
    var alerts: [JSONValue] = []
    if let from = change.from, from != .ok { alerts.append(alert(from, startsAt: nil, endsAt: change.at)) }
    if change.to != .ok {
      alerts.append(alert(change.to, startsAt: change.at, endsAt: change.at + Self.alertLifetime))
    }
    return alerts
  }

  private func alert(_ state: CheckState, startsAt: Timestamp?, endsAt: Timestamp) -> JSONValue {
    let labels: JSONValue = .object([
      ("alertname", .string(change.check)), ("context", .string(context)), ("measure", .string(change.measure)),
      ("severity", .string(state.name)), ("source", .string("sagatop")),
    ])
    let annotations: JSONValue = .object([("summary", .string(sentence)), ("description", .string(change.detail))])
    let start: [(String, JSONValue)] = startsAt.map { [("startsAt", .string($0.iso8601))] } ?? []
    return .object([("labels", labels), ("annotations", annotations)] + start + [("endsAt", .string(endsAt.iso8601))])
  }
}
