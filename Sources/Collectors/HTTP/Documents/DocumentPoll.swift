import Clients
import Core
import Text

/// One document: its requests, what it was when it was last read, and how it is doing. Belongs to one thread.
final class DocumentPoll {
  /// When it is to be asked again.
  enum Next {
    case atOnce
    case inTurn
    case notBefore(Duration)
  }

  /// What the server told of the answer before, so that it need not send it again.
  private struct Validators {
    var url: String
    var lines: [String]
  }

  let transfer: HTTPTransfer
  let interval: Duration
  private let definition: DocumentDefinition
  private let url: String
  private var feed: MessageFeed
  private var backoff = Backoff()
  private var validators: Validators?
  private var lastBody: [UInt8] = []
  private var cursor: String?
  private var round: DocumentRound?
  /// What a document says without a time was so then at the latest: what happened since may have a time of its own.
  private var askedAt: Timestamp?
  private(set) var status: SourceStatus

  /// `nil` when there is no memory for it.
  init?(_ document: DocumentTarget, feed: consuming MessageFeed) {
    guard let transfer = HTTPTransfer(document.target) else { return nil }
    self.transfer = transfer
    definition = document.definition
    interval = max(.milliseconds(100), document.definition.interval)
    url = document.url
    self.feed = feed
    status = SourceStatus(.document, name: DocumentSource.name(of: document.definition))
  }

  private var pageURL: String {
    guard let paging = definition.paging, let cursor = round?.cursor ?? cursor else { return url }
    return url + Self.query(paging.parameter, cursor, after: url)
  }

  static func query(_ parameter: String, _ value: String, after url: String) -> String {
    (url.contains("?") ? "&" : "?") + parameter + "=" + encoded(value)
  }

  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  /// To be called before each request.
  func prepare(at instant: Timestamp) {
    if round == nil { askedAt = instant }
    let page = pageURL
    if validators?.url != page {
      validators = nil
      lastBody = []
    }
    transfer.setURL(page, headers: validators?.lines ?? [])
  }

  /// What came of the request; hands over what is new.
  func finish(_ code: HTTPEnd, at instant: Timestamp) -> Next {
    guard transfer.isAnswered(code) else { return fail(transfer.failure(code).text, isOff: true, at: instant) }
    guard !transfer.isCut else {
      return fail("\(place): more than \(Quantity.bytes(transfer.target.bodyLimit))", isOff: false, at: instant)
    }
    status.bytes += transfer.bytes.count
    status.latency = transfer.phases.total
    switch transfer.status {
    // Who was not told what is known has nothing to say that it is the same as.
    case 304 where validators != nil: return settle(at: instant)
    case 200..<300: return read(at: instant)
    case let number:
      let way = transfer.location.map { ", which leads to \($0); redirects are not followed" } ?? ""
      return fail("\(place): HTTP \(number)\(way)", isOff: (400..<500).contains(number), at: instant)
    }
  }

  private var place: String { pageURL }

  private func read(at instant: Timestamp) -> Next {
    keepValidators()
    guard transfer.bytes != lastBody else { return settle(at: instant) }
    guard let document = JSONNode(transfer.bytes) else {
      validators = nil
      return fail("\(place): \(Self.kind(transfer)) that are no whole JSON", isOff: false, at: instant)
    }
    lastBody = transfer.bytes
    var round = round ?? DocumentRound(definition, from: cursor)
    let hasMore = round.add(document)
    self.round = round
    return hasMore ? .atOnce : settle(at: instant)
  }

  /// "1.2 KiB (text/html)": a page for logging in is known by its type.
  static func kind(_ transfer: HTTPTransfer) -> String {
    let type = transfer.header("Content-Type")?.prefix { $0 != ";" }.prefix(60)
    return Quantity.bytes(transfer.bytes.count) + (type.map { " (\($0))" } ?? "")
  }

  private func keepValidators() {
    let named = [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
    let lines = named.compactMap { ask, told in transfer.header(told).map { "\(ask): \($0)" } }
    validators = lines.isEmpty ? nil : Validators(url: pageURL, lines: lines)
  }

  /// The round is over.
  private func settle(at instant: Timestamp) -> Next {
    if let round {
      for found in round.ordered { feed.take(found, at: askedAt ?? instant) }
      feed.flush()
      if round.cursor != cursor { (cursor, validators, lastBody) = (round.cursor, nil, []) }
      status.notes = round.lacking == 0 ? [] : ["\(round.lacking) of its elements are no messages"]
    }
    round = nil
    backoff.reset()
    status.messages = feed.count
    status.lastSuccess = instant
    status.isComplete = true
    status.phase = .up
    (status.error, status.retryAt) = (nil, nil)
    return .inTurn
  }

  /// A list whose server was away, or does not know where it was read to, is read from its beginning.
  private func fail(_ reason: String, isOff: Bool, at instant: Timestamp) -> Next {
    round = nil
    if isOff { (cursor, validators, lastBody) = (nil, nil, []) }
    let wait = max(backoff.next(), interval)
    status.phase = .down
    status.retryAt = instant + wait
    status.error = "\(reason); trying again"
    return .notBefore(wait)
  }
}
