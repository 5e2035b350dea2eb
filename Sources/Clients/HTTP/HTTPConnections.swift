import CCurl
import Core

/// libcurl's multi handle: the transfers under way and the connections that are kept between them. Only `wake` may be called by
/// another thread than the one that uses it.
package final class HTTPConnections: @unchecked Sendable {
  // Written by the initialiser only; libcurl allows `curl_multi_wakeup` on any thread, and nothing else is called on another.
  private let multi: UnsafeMutableRawPointer

  package static var libraryVersion: String {
    let names = String(cString: curl_version())
    return String(names.prefix { $0 != " " }.drop { $0 != "/" }.dropFirst())
  }

  /// `kept` connections stay open between requests. `nil` when libcurl cannot be started.
  package init?(kept: Int) {
    guard HTTPHandle.isReady, let multi = curl_multi_init() else { return nil }
    self.multi = multi
    sg_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, kept)
  }

  deinit {
    curl_multi_cleanup(multi)
  }

  package func start(_ transfer: HTTPTransfer) {
    transfer.begin()
    curl_multi_add_handle(multi, transfer.handle)
  }

  package func remove(_ transfer: HTTPTransfer) { curl_multi_remove_handle(multi, transfer.handle) }

  /// Does what can be done without waiting, and gives each transfer that has ended, by its handle.
  package func work(_ ended: (UnsafeMutableRawPointer, HTTPEnd) -> Void) {
    var running: Int32 = 0
    curl_multi_perform(multi, &running)
    var code = CURLE_OK
    while let handle = sg_curl_take_done(multi, &code) { ended(handle, HTTPEnd(code: code)) }
  }

  /// Waits until there is something to do.
  package func wait(atMost time: Duration) {
    let milliseconds = (time.nanosecondsClamped + 999_999) / 1_000_000
    curl_multi_poll(multi, nil, 0, Int32(clamping: max(0, milliseconds)), nil)
  }

  /// Ends a wait.
  package func wake() { curl_multi_wakeup(multi) }
}
