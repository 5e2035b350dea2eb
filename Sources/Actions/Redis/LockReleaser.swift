import Clients
import Core

/// Deletes a lock only if its holder is unchanged. The server compares and deletes atomically.
enum LockReleaser {
  private static let ofString = """
    if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
    return 0
    """

  /// Like Redisson's unlock: deletes the hash and notifies the waiting clients, which receive the message after the script has ended. The
  /// publish comes first: if the server denies it, the script fails before the lock is deleted.
  private static let ofHash = """
    if redis.call('hexists', KEYS[1], ARGV[1]) == 0 or redis.call('hlen', KEYS[1]) > 1 then return 0 end
    redis.call('publish', 'redisson_lock__channel:{' .. KEYS[1] .. '}', '0')
    return redis.call('del', KEYS[1])
    """

  static func release(
    _ lock: PreparedRequest.Release, _ intent: borrowing DurableIntent, at address: RedisAddress?
  ) -> SendResult {
    guard let address else { return refused("not sent: no Redis server is called `\(lock.source)`") }
    let timeout = intent.request.timeout
    let connection: RedisConnection
    do throws(RedisError) {
      connection = try RedisConnection(
        address, timeout: timeout, deadline: .now + timeout, isNamed: false, stop: StopSignal())
    } catch {
      return refused("not sent: \(address.name): \(error.sentence)")
    }
    do throws(RedisError) {
      let script = lock.isHash ? ofHash : ofString
      switch try connection.send(RedisPipeline("EVAL", script, "1", lock.key, lock.token)).first {
      case .integer(1): return SendResult(outcome: .accepted("released"), latency: .zero, isObserved: true)
      case .integer: return refused("its holder has changed, or it is not held any more")
      case .error(let text): return refused("\(address.name): \(text)")
      default: return unknown("\(address.name): unexpected answer")
      }
    } catch {
      return unknown("\(address.name): \(error.sentence)")
    }
  }

  private static func refused(_ message: String) -> SendResult {
    SendResult(outcome: .refused(status: nil, message: message), latency: .zero)
  }

  private static func unknown(_ message: String) -> SendResult {
    SendResult(outcome: .unknown(message), latency: .zero)
  }
}
